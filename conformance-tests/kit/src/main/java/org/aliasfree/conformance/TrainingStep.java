package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.Generator;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.Precision;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Variable;

/**
 * A step of training in one graph: the non-saturating loss of both networks, R1 on reals (a
 * gradient of a gradient), and Adam on all that learns. Moments are variables {@code m.<name>} and
 * {@code v.<name>}.
 */
final class TrainingStep {
  /** What the names of the discriminator's variables begin with. */
  static final String SCOPE = "D.";

  private static final double RATE = 0.002;
  private static final double BETA_1 = 0.5;
  private static final double BETA_2 = 0.9;
  private static final double EPSILON = 1e-4;
  private static final double GAMMA = 0.8;

  private final Graph graph;

  TrainingStep(Generator generator, Discriminator discriminator, int batch) {
    Graph fakes = generator.generate(batch, Precision.F32);
    Tensor fake = Objects.requireNonNull(fakes.outputs().get(Generator.IMAGE));
    Tensor real = Ops.input("real", fake.type());
    Tensor c = Ops.input("c", org.aliasfree.tensor.TensorType.f32(batch, generator.cDim()));
    ForwardPass pass =
        new ForwardPass(Graph.builder(), "fake.", SCOPE, SynthesisOptions.DEFAULTS, false);
    Tensor ofFakes = discriminator.apply(fake, c, pass);
    ForwardPass second =
        new ForwardPass(Graph.builder(), "real.", SCOPE, SynthesisOptions.DEFAULTS, false);
    Tensor ofReals = discriminator.apply(real, c, second);
    Tensor slope = Gradients.of(ofReals, Ops.fill(ofReals.type(), 1)).wrt(real).getFirst();
    Graph losses =
        Graph.builder()
            .output("loss of G", softplus(ofFakes.neg()))
            .output("loss of D", softplus(ofFakes).add(softplus(ofReals.neg())).add(penalty(slope)))
            .build();
    Graph.Builder step = Graph.builder();
    losses.outputs().forEach(step::output);
    learn(step, losses, "loss of G", generator.variables(), "");
    learn(step, losses, "loss of D", discriminator.variables(), SCOPE);
    graph = step.build();
  }

  Graph graph() {
    return graph;
  }

  /** The mean of log(1 + e^x). */
  private static Tensor softplus(Tensor x) {
    return x.exp().log1p().reshape(-1).mean(0);
  }

  /** R1: γ/2 times the mean over images of the squared slope. */
  private static Tensor penalty(Tensor slope) {
    return slope.square().reshape(-1).sum(0).mul(GAMMA / 2 / slope.dim(0));
  }

  private static void learn(
      Graph.Builder step,
      Graph losses,
      String loss,
      List<NetworkVariable> variables,
      String scope) {
    Map<Variable, Tensor> reads = new LinkedHashMap<>();
    for (Node node : losses.nodes()) {
      if (node.op() instanceof Source.Read read) {
        reads.put(read.variable(), node.outputs().getFirst());
      }
    }
    List<Variable> learning = new ArrayList<>();
    for (NetworkVariable v : variables) {
      Variable own = new Variable(scope + v.variable().name(), v.variable().type());
      if (v.trainable() && reads.containsKey(own)) {
        learning.add(own);
      }
    }
    List<Tensor> gradients =
        Gradients.of(Objects.requireNonNull(losses.outputs().get(loss)))
            .wrt(learning.stream().map(v -> Objects.requireNonNull(reads.get(v))).toList());
    for (int i = 0; i < learning.size(); i++) {
      adam(step, learning.get(i), gradients.get(i));
    }
  }

  private static void adam(Graph.Builder step, Variable variable, Tensor g) {
    Variable first = new Variable("m." + variable.name(), variable.type());
    Variable second = new Variable("v." + variable.name(), variable.type());
    Tensor m = Ops.read(first).mul(BETA_1).add(g.mul(1 - BETA_1));
    Tensor v = Ops.read(second).mul(BETA_2).add(g.square().mul(1 - BETA_2));
    Tensor change = m.div(v.sqrt().add(EPSILON)).mul(RATE);
    step.assign(first, m).assign(second, v).assign(variable, Ops.read(variable).sub(change));
  }
}
