package org.aliasfree.graph;

import java.util.List;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.TensorType;

/**
 * An op applied to tensors: immutable, and typed when it is made. Nodes are compared by identity.
 */
public final class Node {
  private final Op op;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;

  private Node(Op op, List<Tensor> inputs, List<TensorType> types) {
    this.op = op;
    this.inputs = inputs;
    this.outputs =
        java.util.stream.IntStream.range(0, types.size())
            .mapToObj(i -> new Tensor(this, i, types.get(i)))
            .toList();
  }

  /**
   * Applies an op.
   *
   * @throws org.aliasfree.op.ShapeException if the inputs do not fit
   */
  public static Node of(Op op, List<Tensor> inputs) {
    List<Tensor> in = List.copyOf(inputs);
    return new Node(op, in, op.infer(in.stream().map(Tensor::type).toList()));
  }

  /** What is done. */
  public Op op() {
    return op;
  }

  /** What it is done to. */
  public List<Tensor> inputs() {
    return inputs;
  }

  /** What comes out; most ops have one output. */
  public List<Tensor> outputs() {
    return outputs;
  }

  /** For example {@code conv2d(f32[1, 3, 8, 8], f32[4, 3, 3, 3]) → f32[1, 4, 8, 8]}. */
  @Override
  public String toString() {
    return op.name()
        + inputs.stream()
            .map(t -> t.type().toString())
            .collect(java.util.stream.Collectors.joining(", ", "(", ")"))
        + " → "
        + outputs.getFirst().type();
  }
}
