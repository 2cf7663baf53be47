package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * One op with its attributes on arguments of concrete shapes. {@link #toString} is one line from
 * which {@link #parse} makes the same case again.
 *
 * @param op the op and its attributes
 * @param arguments its inputs, called x0, x1, …
 * @param seed of the data
 */
public record Case(Op op, List<Argument> arguments, long seed) {
  /** Copies the list and checks that the arguments fit. */
  public Case {
    arguments = List.copyOf(arguments);
    op.infer(arguments.stream().map(Argument::type).toList());
  }

  /**
   * The case that a line describes.
   *
   * @throws org.aliasfree.AliasFreeException if it describes none
   */
  public static Case parse(String line) {
    return new CaseText(line).parse();
  }

  /** The op applied to its arguments. */
  Node node() {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Argument a = arguments.get(i);
      inputs.add(
          a.stored() ? Ops.read(new Variable(name(i), a.type())) : Ops.input(name(i), a.type()));
    }
    return Node.of(op, inputs);
  }

  /** The arguments' values by name; {@code salt} tells one set of data from another. */
  Map<String, HostTensor> values(int salt) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      values.put(name(i), arguments.get(i).fill(random(i, salt)));
    }
    return values;
  }

  /** Random numbers for the i-th argument, or for something that belongs to it. */
  Random random(int i, int salt) {
    return new Random(seed * 0x9E3779B97F4A7C15L + i * 1_000_003L + salt * 7919L);
  }

  static String name(int argument) {
    return "x" + argument;
  }

  /** Whether images of a batch do not mix, so that each can be computed alone. */
  boolean isPerImage() {
    return !arguments.isEmpty() && arguments.getFirst().batched();
  }

  /** This case with one image of the batch; {@link #values} have to be cut alike. */
  Case ofOneImage() {
    return new Case(
        op,
        arguments.stream()
            .map(a -> a.batched() ? a.withType(a.type().withShape(a.type().shape().with(0, 1))) : a)
            .toList(),
        seed);
  }

  /** Arguments that hold floating-point numbers. */
  List<Integer> floats() {
    return IntStream.range(0, arguments.size())
        .filter(i -> arguments.get(i).type().dtype().isFloat())
        .boxed()
        .toList();
  }

  /** Elements of all arguments and outputs. */
  long elements() {
    List<TensorType> types = new ArrayList<>(arguments.stream().map(Argument::type).toList());
    types.addAll(op.infer(types));
    return types.stream().mapToLong(TensorType::elements).sum();
  }

  /** For example {@code Flip[axes=[0]] (f32[3] normal) seed 5}. */
  @Override
  public String toString() {
    return CaseText.of(this);
  }
}
