package org.aliasfree.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Activation;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;

/**
 * Gradients of every op against finite differences in double precision. Seeds are fixed: a random
 * value could lie within a step of a kink.
 */
class GradientsProperties {
  private static final double STEP = 1e-5;

  @Example
  void everyOpWithInputsHasACaseHere() {
    assertThat(names(OpCases.ops())).isEqualTo(names(records(Op.class)));
  }

  private static Set<Class<?>> records(Class<?> type) {
    if (type == Source.class) {
      return Set.of();
    }
    if (!type.isSealed()) {
      return Set.of(type);
    }
    return Arrays.stream(type.getPermittedSubclasses())
        .flatMap(c -> records(c).stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Set<? extends Class<?>> classes) {
    return classes.stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
  }

  @Property(tries = 20, seed = "1")
  void firstDerivativesAgreeWithFiniteDifferences(@ForAll long seed) {
    for (Class<? extends Op> op : OpCases.ops()) {
      Random r = new Random(seed);
      new Setting(OpCases.of(op, r), r).checkFirst("gradient, seed " + seed);
    }
  }

  @Property(tries = 20, seed = "2")
  void secondDerivativesAgreeWithFiniteDifferences(@ForAll long seed) {
    for (Class<? extends Op> op : OpCases.ops()) {
      Random r = new Random(seed);
      new Setting(OpCases.of(op, r), r).checkSecond("second derivative, seed " + seed);
    }
  }

  /** The rule divides by the output scales where these are never 0. */
  @Property(tries = 20, seed = "4")
  void modulatedConvolutionsAreNotDoneAgainForTheirGradient(@ForAll long seed) {
    Random r = new Random(seed);
    OpCases.Case made = OpCases.of(Fused.ModulatedConv2d.class, r);
    Setting s =
        new Setting(made, in -> List.of(in.get(0), in.get(1), in.get(2), in.get(3).exp()), r);
    s.checkFirst("gradient, seed " + seed);
    s.checkSecond("second derivative, seed " + seed);
    Graph.Builder graph = Graph.builder();
    List<Tensor> gradients = Gradients.of(s.y, s.cotangent).wrt(s.smooth);
    gradients.forEach(g -> graph.output("gradient " + gradients.indexOf(g), g));
    assertThat(graph.build().nodes()).noneMatch(n -> n.op().name().equals("conv2d"));
  }

  @Property(tries = 20, seed = "3")
  void theGradientOfALinearOpIsItsAdjoint(@ForAll long seed) {
    for (Class<? extends Op> op : OpCases.ops()) {
      Random r = new Random(seed);
      Setting s = new Setting(OpCases.of(op, r), r);
      for (int i : s.made.linear()) {
        Tensor x = s.inputs.get(i);
        Tensor adjoint = Gradients.of(s.y, s.cotangent).wrt(x).getFirst();
        List<double[]> both =
            CoreInterpreter.evaluate(List.of(s.y.mul(s.cotangent), adjoint.mul(x)), s.values);
        double left = Arrays.stream(both.get(0)).sum();
        double right = Arrays.stream(both.get(1)).sum();
        assertThat(left)
            .as("⟨Ax, y⟩ = ⟨x, Aᵀy⟩ for input %d of %s, seed %d", i, s.y.node(), seed)
            .isCloseTo(right, offset(1e-9 * (1 + magnitude(both.get(0)))));
      }
    }
  }

  @Example
  void aStoppedTensorIsALeafAndWhatDoesNotLeadToTheOutputHasGradientZero() {
    Tensor x = Ops.input("x", TensorType.of(DType.F64, 2));
    Tensor stopped = x.stopGradient();
    Tensor y = stopped.mul(x).sum(0);
    Tensor other = Ops.input("other", TensorType.f32(3));
    List<Tensor> g = Gradients.of(y).wrt(x, other, stopped);
    List<double[]> values =
        CoreInterpreter.evaluate(g, Map.of("x", new double[] {2, 5}, "other", new double[3]));
    assertThat(values.get(0)).containsExactly(2, 5);
    assertThat(values.get(1)).containsExactly(0, 0, 0);
    assertThat(values.get(2)).containsExactly(2, 5);
  }

  @Example
  void anotherTensorAmongTheXsVariesWithX() {
    Tensor x = Ops.input("x", TensorType.of(DType.F64, 1));
    Tensor square = x.square();
    List<Tensor> g = Gradients.of(square.mul(x)).wrt(x, square);
    List<double[]> values = CoreInterpreter.evaluate(g, Map.of("x", new double[] {3}));
    assertThat(values.get(0)).containsExactly(27);
    assertThat(values.get(1)).containsExactly(3);
  }

  @Example
  void anInputGivenTwiceGetsTheSumOfBothGradients() {
    Tensor x = Ops.input("x", TensorType.of(DType.F64, 1));
    Tensor y = Ops.biasAct(x, x, 0, Activation.TANH);
    Tensor g = Gradients.of(y).wrt(x).getFirst();
    double slope =
        CoreInterpreter.evaluate(List.of(g), Map.of("x", new double[] {.25})).getFirst()[0];
    assertThat(slope).isCloseTo(2 * (1 - Math.pow(Math.tanh(.5), 2)), offset(1e-12));
  }

  @Example
  void onlyNodesBetweenTheXsAndTheOutputAreVisited() {
    Tensor x = Ops.input("x", TensorType.of(DType.F64, 4));
    Tensor w = Ops.input("w", TensorType.of(DType.F64, 4));
    Tensor y = w.sin().mul(x).sum(0);
    Tensor g = Gradients.of(y).wrt(x).getFirst();
    assertThat(Graph.builder().output("g", g).build().nodes())
        .noneMatch(n -> n.op().name().equals("cos"));
  }

  @Example
  void whatCannotBeDifferentiatedIsRefusedWithItsReason() {
    Tensor x = Ops.input("x", TensorType.f32(2));
    Tensor index = Ops.input("i", TensorType.of(DType.I32, 2));
    assertThatThrownBy(() -> Gradients.of(x))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("it has 2 elements; sum them first");
    assertThatThrownBy(() -> Gradients.of(x.sum(0)).wrt(index))
        .hasMessageContaining("holds integers; cast it");
    assertThatThrownBy(() -> Gradients.of(x, x.sum(0)))
        .hasMessageContaining("must have the type of");
  }

  private static double magnitude(double[] values) {
    return Arrays.stream(values).map(Math::abs).sum();
  }

  /** A case with its cotangent, and the values of all inputs. */
  private static final class Setting {
    final OpCases.Case made;
    final Random random;
    final List<Tensor> inputs;
    final Map<String, double[]> values;
    final Tensor y;
    final Tensor cotangent;
    final List<Tensor> smooth;

    Setting(OpCases.Case made, Random random) {
      this(made, in -> in, random);
    }

    /** With other arguments, made from the inputs of the case. */
    Setting(OpCases.Case made, UnaryOperator<List<Tensor>> arguments, Random random) {
      this.made = made;
      this.random = random;
      inputs = made.inputs();
      values = new HashMap<>(made.values());
      Tensor out = Node.of(made.op(), arguments.apply(inputs)).outputs().getFirst();
      y = out.dtype().isFloat() ? out : out.cast(DType.F64);
      cotangent = input("cotangent", y.type());
      smooth = made.smooth().stream().sorted().map(inputs::get).toList();
    }

    Tensor input(String name, TensorType type) {
      values.put(name, OpCases.data(random, type.shape().toArray()).values());
      return Ops.input(name, type);
    }

    void checkFirst(String what) {
      checkDerivative(y.mul(cotangent), smooth, Gradients.of(y, cotangent).wrt(smooth), what);
    }

    void checkSecond(String what) {
      if (smooth.isEmpty()) {
        return;
      }
      List<Tensor> first = Gradients.of(y, cotangent).wrt(smooth);
      Tensor sum = null;
      for (Tensor g : first) {
        Tensor part = g.mul(input("weight of " + first.indexOf(g), g.type())).reshape(-1).sum(0);
        sum = sum == null ? part : sum.add(part);
      }
      List<Tensor> in = new ArrayList<>(smooth);
      in.add(cotangent);
      Tensor f = java.util.Objects.requireNonNull(sum);
      checkDerivative(f, in, Gradients.of(f).wrt(in), what);
    }

    /** Compares ⟨gradient, v⟩ with (f(x + hv) − f(x − hv)) / 2h for random v. */
    void checkDerivative(Tensor f, List<Tensor> xs, List<Tensor> gradients, String what) {
      Map<String, double[]> up = new HashMap<>(values);
      Map<String, double[]> down = new HashMap<>(values);
      List<double[]> gradientValues = CoreInterpreter.evaluate(gradients, values);
      double expected = 0;
      for (int i = 0; i < xs.size(); i++) {
        String name = ((Source.Input) xs.get(i).node().op()).inputName();
        double[] x = java.util.Objects.requireNonNull(values.get(name));
        double[] v = random.doubles(x.length, -1, 1).toArray();
        double[] plus = x.clone();
        double[] minus = x.clone();
        for (int k = 0; k < x.length; k++) {
          plus[k] += STEP * v[k];
          minus[k] -= STEP * v[k];
          expected += gradientValues.get(i)[k] * v[k];
        }
        up.put(name, plus);
        down.put(name, minus);
      }
      double[] above = CoreInterpreter.evaluate(List.of(f), up).getFirst();
      double[] below = CoreInterpreter.evaluate(List.of(f), down).getFirst();
      double difference = (Arrays.stream(above).sum() - Arrays.stream(below).sum()) / (2 * STEP);
      assertThat(difference)
          .as("%s of %s with %s", what, y.node(), made.op())
          .isCloseTo(expected, offset(1e-6 * (1 + magnitude(above))));
    }
  }
}
