package org.aliasfree.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.Generator;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.augment.AugmentPipe;

/**
 * The variables of a training program, by what their names begin with: {@code G.}, {@code D.},
 * {@code G_ema.} and {@code augment_pipe.} the networks as in files; before the name of a parameter
 * {@code gradient/}, {@code adam_m/} and {@code adam_v/}; and {@code pl_mean}.
 */
public final class TrainingVariables {
  /** Scope of the generator. */
  public static final String G = "G.";

  /** Scope of the discriminator. */
  public static final String D = "D.";

  /** Scope of the averaged generator. */
  public static final String G_EMA = "G_ema.";

  /** Scope of the augmentation pipe. */
  public static final String AUGMENT = "augment_pipe.";

  /** Running mean of path lengths, f32 []. */
  public static final Variable PL_MEAN = new Variable("pl_mean", TensorType.f32());

  private TrainingVariables() {}

  /** A variable of a network in a scope. */
  public static Variable in(String scope, NetworkVariable variable) {
    return new Variable(scope + variable.variable().name(), variable.variable().type());
  }

  private static final String GRADIENT = "gradient/";

  /** Where the gradient of a parameter is added up. */
  public static Variable gradient(Variable parameter) {
    return new Variable(GRADIENT + parameter.name(), parameter.type());
  }

  /** Whether a variable holds a gradient; between iterations these are 0. */
  public static boolean isGradient(Variable variable) {
    return variable.name().startsWith(GRADIENT);
  }

  /** Adam's running mean of the gradient. */
  public static Variable firstMoment(Variable parameter) {
    return new Variable("adam_m/" + parameter.name(), parameter.type());
  }

  /** Adam's running mean of the gradient's square. */
  public static Variable secondMoment(Variable parameter) {
    return new Variable("adam_v/" + parameter.name(), parameter.type());
  }

  /** The parameters among variables, in a scope. */
  static List<Variable> parameters(String scope, List<NetworkVariable> variables) {
    return variables.stream().filter(NetworkVariable::trainable).map(v -> in(scope, v)).toList();
  }

  /** The generator's variables, those frozen no parameters. */
  static List<NetworkVariable> learning(Generator generator, Set<String> frozen) {
    return generator.variables().stream()
        .map(
            v ->
                frozen.contains(v.variable().name())
                    ? new NetworkVariable(v.variable(), false, v.initializer())
                    : v)
        .toList();
  }

  static List<Variable> all(
      Generator generator,
      Discriminator discriminator,
      Optional<AugmentPipe> augment,
      Set<String> frozen) {
    List<Variable> all = new ArrayList<>();
    generator.variables().forEach(v -> all.add(in(G, v)));
    discriminator.variables().forEach(v -> all.add(in(D, v)));
    generator.variables().forEach(v -> all.add(in(G_EMA, v)));
    augment.ifPresent(a -> a.variables().forEach(v -> all.add(in(AUGMENT, v))));
    List<Variable> trained = new ArrayList<>(parameters(G, learning(generator, frozen)));
    trained.addAll(parameters(D, discriminator.variables()));
    for (Variable parameter : trained) {
      all.add(gradient(parameter));
      all.add(firstMoment(parameter));
      all.add(secondMoment(parameter));
    }
    all.add(PL_MEAN);
    return all;
  }
}
