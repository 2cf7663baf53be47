package org.aliasfree.training;

import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.Generator;
import org.aliasfree.network.MappingNetwork;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.augment.AugmentPipe;

/**
 * The graphs that add to gradients, one for each part of a phase that is finished, forwards and
 * backwards, before the next one takes memory.
 *
 * @param blurred whether what the discriminator sees is blurred
 */
record LossGraphs(
    Generator generator,
    Discriminator discriminator,
    Optional<AugmentPipe> augment,
    TrainingConfig config,
    boolean blurred) {

  /** Images and the ws they were made from. */
  private record Fakes(Tensor images, Tensor ws) {}

  /** The generator's loss on fakes. */
  Accumulation generatorMain(int gain) {
    Graph.Builder graph = Graph.builder();
    Tensor c = labels(config.microBatch());
    Tensor scores = scores(graph, fakes(graph, config.microBatch(), false).images, c);
    Tensor loss = Losses.unlikeReal(scores);
    graph.output(TrainingProgram.SCORES, scores).output(TrainingProgram.LOSS, loss);
    return generator(graph, loss, gain);
  }

  /** Path length regularisation of the generator. */
  Accumulation generatorRegularizer(int gain) {
    Graph.Builder graph = Graph.builder();
    LossConfig loss = config.loss();
    Fakes fakes = fakes(graph, config.microBatch() / loss.plBatchShrink(), false);
    Tensor noise = Ops.input(TrainingProgram.PL_NOISE, fakes.images.type());
    Tensor lengths = Losses.pathLengths(fakes.images, fakes.ws, noise);
    Tensor old = Ops.read(TrainingVariables.PL_MEAN);
    // The mean moves with the lengths in this loss, as in the official one.
    Tensor mean = Ops.lerp(old, Losses.mean(lengths), old.scalar(loss.plDecay()));
    Tensor penalty = lengths.sub(mean).square();
    Tensor weighted = penalty.mul(loss.plWeight());
    graph
        .output(TrainingProgram.PATH_LENGTHS, lengths)
        .output(TrainingProgram.PENALTY, penalty)
        .output(TrainingProgram.LOSS, weighted)
        .assign(TrainingVariables.PL_MEAN, mean);
    return generator(graph, weighted, gain);
  }

  /** The discriminator's loss on fakes; running means of the generator are updated here alone. */
  Accumulation discriminatorFake(int gain) {
    Graph.Builder graph = Graph.builder();
    Tensor c = labels(config.microBatch());
    Tensor scores = scores(graph, fakes(graph, config.microBatch(), true).images, c);
    Tensor loss = Losses.unlikeFake(scores);
    graph.output(TrainingProgram.SCORES, scores).output(TrainingProgram.LOSS, loss);
    return discriminator(graph, loss, gain);
  }

  /** The discriminator's loss on real images. */
  Accumulation discriminatorReal(int gain) {
    Graph.Builder graph = Graph.builder();
    Tensor scores = scores(graph, images(), labels(config.microBatch()));
    Tensor loss = Losses.unlikeReal(scores);
    graph.output(TrainingProgram.SCORES, scores).output(TrainingProgram.LOSS, loss);
    return discriminator(graph, loss, gain);
  }

  /** R1 of the discriminator. */
  Accumulation discriminatorRegularizer(int gain) {
    Graph.Builder graph = Graph.builder();
    Tensor images = images();
    Tensor scores = scores(graph, images, labels(config.microBatch()));
    Tensor penalty = Losses.r1Penalty(scores, images);
    Tensor loss = penalty.mul(config.loss().r1Gamma() / 2);
    graph
        .output(TrainingProgram.SCORES, scores)
        .output(TrainingProgram.PENALTY, penalty)
        .output(TrainingProgram.LOSS, loss);
    return discriminator(graph, loss, gain);
  }

  private Accumulation generator(Graph.Builder graph, Tensor loss, int gain) {
    List<Variable> parameters =
        TrainingVariables.parameters(
            TrainingVariables.G, TrainingVariables.learning(generator, config.frozen()));
    return Accumulation.of(graph, Losses.mean(loss).mul(gain), parameters);
  }

  private Accumulation discriminator(Graph.Builder graph, Tensor loss, int gain) {
    List<Variable> parameters =
        TrainingVariables.parameters(TrainingVariables.D, discriminator.variables());
    return Accumulation.of(graph, Losses.mean(loss).mul(gain), parameters);
  }

  private Tensor labels(long batch) {
    return Ops.input(TrainingProgram.LABELS, TensorType.f32(batch, generator.cDim()));
  }

  private Tensor images() {
    int size = generator.imgResolution();
    return Ops.input(
        TrainingProgram.IMAGES,
        TensorType.f32(config.microBatch(), generator.imgChannels(), size, size));
  }

  private Fakes fakes(Graph.Builder graph, long batch, boolean updateEmas) {
    SynthesisOptions options = SynthesisOptions.of(config.precision()).withNoise(NoiseMode.RANDOM);
    ForwardPass pass = new ForwardPass(graph, "", TrainingVariables.G, options, updateEmas);
    Tensor ws = ws(TrainingProgram.Z, batch, pass);
    if (config.loss().styleMixingProb() > 0) {
      ForwardPass second =
          new ForwardPass(graph, TrainingProgram.MIX, TrainingVariables.G, options, false);
      Tensor mask = Ops.input(TrainingProgram.MIX_MASK, StyleMixing.type(generator.numWs()));
      ws = StyleMixing.mix(ws, ws(TrainingProgram.MIX_Z, batch, second), mask);
    }
    return new Fakes(generator.image(ws, pass), ws);
  }

  private Tensor ws(String z, long batch, ForwardPass pass) {
    MappingNetwork mapping = generator.mapping();
    Tensor latents = Ops.input(z, TensorType.f32(batch, generator.zDim()));
    return mapping.repeat(mapping.apply(latents, labels(batch), pass), pass);
  }

  /** What the discriminator says of images that it sees blurred and augmented. */
  private Tensor scores(Graph.Builder graph, Tensor images, Tensor c) {
    SynthesisOptions options = SynthesisOptions.of(config.precision());
    Tensor seen = images;
    if (blurred) {
      BlurFade blur = config.loss().blur();
      seen = BlurFade.apply(seen, Ops.input(TrainingProgram.BLUR, blur.type()));
    }
    if (augment.isPresent()) {
      ForwardPass pass = new ForwardPass(graph, "", TrainingVariables.AUGMENT, options, false);
      seen = augment.get().apply(seen, pass);
    }
    ForwardPass pass =
        new ForwardPass(graph, TrainingVariables.D, TrainingVariables.D, options, false);
    return discriminator.apply(seen, c, pass);
  }
}
