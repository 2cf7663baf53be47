package org.aliasfree.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * What is wanted of an {@link ImageGenerator}. Start from {@link #defaults} and change what
 * differs.
 *
 * @param truncationPsi how much of w is kept rather than the mean w: 1 is as drawn, 0 the mean
 *     image; finite
 * @param truncationCutoff truncation is for the first so many w only; empty for all, 0 or more
 * @param classLabel class of all images of a conditional network, from 0
 * @param inputTransform [3, 3], the inverse of the transformation wanted of the image; empty for
 *     the one in the network file
 * @param layers names of inner tensors that are wanted too, with or without {@code synthesis.} or
 *     {@code mapping.}
 * @param image whether the image is wanted; without it nothing is computed that the layers do not
 *     need
 * @param noise where the noise of a network with noise comes from
 * @param noiseSeeds for {@link NoiseMode#RANDOM}: a seed for each image of the batch, any numbers
 */
public record GenerationRequest(
    double truncationPsi,
    OptionalInt truncationCutoff,
    OptionalInt classLabel,
    Optional<HostTensor> inputTransform,
    List<String> layers,
    boolean image,
    NoiseMode noise,
    List<Long> noiseSeeds) {
  private static final GenerationRequest DEFAULTS =
      new GenerationRequest(
          1,
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          List.of(),
          true,
          NoiseMode.CONST,
          List.of());

  /** Checks what can be checked without knowing the network. */
  public GenerationRequest {
    layers = List.copyOf(layers);
    noiseSeeds = List.copyOf(noiseSeeds);
    if (!Double.isFinite(truncationPsi)) {
      throw new AliasFreeException(
          "The truncation psi is " + truncationPsi + ", but must be a finite number; 1 is none.");
    }
    if (truncationCutoff.isPresent() && truncationCutoff.getAsInt() < 0) {
      throw new AliasFreeException(
          "The truncation cutoff is "
              + truncationCutoff.getAsInt()
              + ", but must be 0 or more: it counts layers.");
    }
    inputTransform = inputTransform.map(GenerationRequest::checked);
    if (!image && layers.isEmpty()) {
      throw new AliasFreeException("Neither the image nor a layer is wanted; ask for one of them.");
    }
  }

  private static HostTensor checked(HostTensor transform) {
    if (!transform.dtype().isFloat()
        || !transform.type().equals(TensorType.of(transform.dtype(), 3, 3))) {
      throw new AliasFreeException(
          "An image transformation must be a floating-point tensor of shape [3, 3], not "
              + transform.type()
              + ".");
    }
    return transform.to(DType.F32);
  }

  /** The image as the network makes it: no truncation, no class, the stored transformation. */
  public static GenerationRequest defaults() {
    return DEFAULTS;
  }

  /** This with another psi, for all layers or as the cutoff says. */
  public GenerationRequest withTruncationPsi(double psi) {
    return new GenerationRequest(
        psi, truncationCutoff, classLabel, inputTransform, layers, image, noise, noiseSeeds);
  }

  /** This with truncation for the first so many w only. */
  public GenerationRequest withTruncationCutoff(int cutoff) {
    return new GenerationRequest(
        truncationPsi,
        OptionalInt.of(cutoff),
        classLabel,
        inputTransform,
        layers,
        image,
        noise,
        noiseSeeds);
  }

  /** This with a class. */
  public GenerationRequest withClassLabel(int label) {
    return new GenerationRequest(
        truncationPsi,
        truncationCutoff,
        OptionalInt.of(label),
        inputTransform,
        layers,
        image,
        noise,
        noiseSeeds);
  }

  /**
   * This with the image moved by so many image widths (to the right and down) and turned by so many
   * degrees.
   */
  public GenerationRequest withMovement(double translateX, double translateY, double degrees) {
    return withInputTransform(InputTransform.inverseOf(translateX, translateY, degrees));
  }

  /** This with a value for the network's {@code transform}. */
  public GenerationRequest withInputTransform(HostTensor transform) {
    return new GenerationRequest(
        truncationPsi,
        truncationCutoff,
        classLabel,
        Optional.of(transform),
        layers,
        image,
        noise,
        noiseSeeds);
  }

  /** This with these inner tensors besides the image. */
  public GenerationRequest withLayers(String... names) {
    return withOutputs(List.of(names), image);
  }

  /** This with these inner tensors, but no image. */
  public GenerationRequest withOnlyLayers(String... names) {
    return withOutputs(List.of(names), false);
  }

  private GenerationRequest withOutputs(List<String> names, boolean wanted) {
    return new GenerationRequest(
        truncationPsi,
        truncationCutoff,
        classLabel,
        inputTransform,
        names,
        wanted,
        noise,
        noiseSeeds);
  }

  /** This with the network's own noise, or none. */
  public GenerationRequest withNoise(NoiseMode mode) {
    return withNoise(mode, List.of());
  }

  /**
   * This with fresh noise.
   *
   * @param seeds one for each image; the same seed gives the same noise, in any batch
   */
  public GenerationRequest withRandomNoise(long... seeds) {
    return withNoise(NoiseMode.RANDOM, Arrays.stream(seeds).boxed().toList());
  }

  private GenerationRequest withNoise(NoiseMode mode, List<Long> seeds) {
    return new GenerationRequest(
        truncationPsi, truncationCutoff, classLabel, inputTransform, layers, image, mode, seeds);
  }
}
