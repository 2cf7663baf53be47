package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Elementwise;
import org.jspecify.annotations.Nullable;

/**
 * Gradients as a transformation of graphs: {@code Gradients.of(y).wrt(x)} is an ordinary tensor,
 * made of the same ops, which can be differentiated again. Only nodes between some x and y are
 * visited. What each op contributes is its rule in {@link GradientRules}.
 */
public final class Gradients {
  private final List<Tensor> outputs;
  private final List<Tensor> cotangents;

  private Gradients(List<Tensor> outputs, List<Tensor> cotangents) {
    this.outputs = List.copyOf(outputs);
    this.cotangents = List.copyOf(cotangents);
  }

  /**
   * Gradients of a tensor with one element.
   *
   * @throws AliasFreeException if y has more elements or does not hold floating-point numbers
   */
  public static Gradients of(Tensor y) {
    if (y.type().elements() != 1) {
      throw new AliasFreeException(
          "The gradient of "
              + y
              + " is not defined, because it has "
              + y.type().elements()
              + " elements; sum them first or give a cotangent.");
    }
    return of(y, Ops.fill(y.type(), 1));
  }

  /** Gradients of ⟨cotangent, y⟩: the cotangent, of y's type, weighs the elements of y. */
  public static Gradients of(Tensor y, Tensor cotangent) {
    return of(List.of(y), List.of(cotangent));
  }

  /** Gradients of the sum of ⟨cotangent, y⟩ over several tensors. */
  public static Gradients of(List<Tensor> ys, List<Tensor> cotangents) {
    if (ys.size() != cotangents.size()) {
      throw new AliasFreeException(
          "Gradients of "
              + ys.size()
              + " tensors need as many cotangents, but "
              + cotangents.size()
              + " were given.");
    }
    for (int i = 0; i < ys.size(); i++) {
      checkFloat(ys.get(i));
      if (!ys.get(i).type().equals(cotangents.get(i).type())) {
        throw new AliasFreeException(
            "The cotangent "
                + cotangents.get(i)
                + " must have the type of "
                + ys.get(i)
                + ", which it weighs.");
      }
    }
    return new Gradients(ys, cotangents);
  }

  /**
   * The gradient in each x, of x's type; zeros where nothing leads from x to y. Other tensors among
   * the xs vary with x where they depend on it.
   */
  public List<Tensor> wrt(Tensor... xs) {
    return wrt(Arrays.asList(xs));
  }

  /** As {@link #wrt(Tensor...)}. */
  public List<Tensor> wrt(List<Tensor> xs) {
    xs.forEach(Gradients::checkFloat);
    Map<Tensor, Tensor> found = accumulate(Graph.order(outputs), xs);
    List<Tensor> gradients = new ArrayList<>();
    for (Tensor x : xs) {
      Tensor gradient = found.get(x);
      gradients.add(gradient == null ? Ops.fill(x.type(), 0) : gradient);
    }
    return gradients;
  }

  /**
   * The gradients in those xs that y depends on smoothly, in the order of the xs; the others are
   * left out. An optimiser passes over such a parameter rather than take a gradient of zero.
   */
  public Map<Tensor, Tensor> whereReached(List<Tensor> xs) {
    xs.forEach(Gradients::checkFloat);
    Map<Tensor, Tensor> found = accumulate(Graph.order(outputs), xs);
    Map<Tensor, Tensor> reached = new LinkedHashMap<>();
    for (Tensor x : xs) {
      Tensor gradient = found.get(x);
      if (gradient != null) {
        reached.put(x, gradient);
      }
    }
    return reached;
  }

  /**
   * Gradients in the inputs of a sub-graph alone: how these depend on each other is left out. An
   * input that is given twice gets its gradient once.
   */
  static List<@Nullable Tensor> partial(
      List<Tensor> outputs, List<Tensor> cotangents, List<Tensor> inputs) {
    Set<Node> border = new HashSet<>();
    inputs.forEach(t -> border.add(t.node()));
    Map<Tensor, Tensor> found =
        new Gradients(outputs, cotangents)
            .accumulate(Graph.order(outputs, border::contains), inputs);
    List<@Nullable Tensor> gradients = new ArrayList<>();
    for (Tensor input : inputs) {
      gradients.add(found.remove(input));
    }
    return gradients;
  }

  /** Goes backwards through nodes in order, adding up the gradient of each tensor. */
  private Map<Tensor, Tensor> accumulate(List<Node> order, Collection<Tensor> xs) {
    Set<Tensor> active = active(order, xs);
    Map<Tensor, Tensor> gradients = new HashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      gradients.merge(outputs.get(i), cotangents.get(i), Tensor::add);
    }
    for (Node node : order.reversed()) {
      boolean wanted = node.inputs().stream().anyMatch(active::contains);
      boolean reached = node.outputs().stream().anyMatch(gradients::containsKey);
      if (wanted && reached && !(node.op() instanceof Elementwise.StopGradient)) {
        propagate(node, gradients, active);
      }
    }
    return gradients;
  }

  private static void propagate(Node node, Map<Tensor, Tensor> gradients, Set<Tensor> active) {
    List<@Nullable Tensor> cotangents = new ArrayList<>();
    for (Tensor output : node.outputs()) {
      cotangents.add(gradients.get(output));
    }
    List<@Nullable Tensor> contributions = GradientRules.vjp(node, cotangents);
    for (int i = 0; i < contributions.size(); i++) {
      Tensor input = node.inputs().get(i);
      Tensor contribution = contributions.get(i);
      if (contribution != null && active.contains(input)) {
        if (!contribution.type().equals(input.type())) {
          throw new AliasFreeException(
              "The gradient rule of "
                  + node
                  + " gives "
                  + contribution
                  + " for input "
                  + i
                  + ", whose type is "
                  + input.type()
                  + "; this is a mistake in the rule.");
        }
        gradients.merge(input, contribution, Tensor::add);
      }
    }
  }

  /** The xs and the floating-point tensors that depend on them. */
  private static Set<Tensor> active(List<Node> order, Collection<Tensor> xs) {
    Set<Tensor> active = new HashSet<>(xs);
    for (Node node : order) {
      if (!(node.op() instanceof Elementwise.StopGradient)
          && node.inputs().stream().anyMatch(active::contains)) {
        node.outputs().stream().filter(t -> t.dtype().isFloat()).forEach(active::add);
      }
    }
    return active;
  }

  private static void checkFloat(Tensor t) {
    if (!t.dtype().isFloat()) {
      throw new AliasFreeException(
          "Gradients need floating-point numbers, but " + t + " holds integers; cast it.");
    }
  }
}
