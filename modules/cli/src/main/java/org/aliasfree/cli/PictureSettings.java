package org.aliasfree.cli;

import java.util.OptionalInt;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.NoiseMode;

/**
 * How pictures are made, whatever they are of.
 *
 * @param network what makes them
 * @param psi truncation
 * @param label class of all pictures; empty for an unconditional network
 * @param noise where noise comes from, in networks that have any
 * @param batch pictures computed together, 1 or more
 * @param fp32 whether to compute in f32 even where the backend prefers f16
 */
record PictureSettings(
    OpenedNetwork network,
    double psi,
    OptionalInt label,
    NoiseMode noise,
    int batch,
    boolean fp32) {
  /** Pictures of a network as it makes them by itself, one by one. */
  PictureSettings(OpenedNetwork network, OptionalInt label) {
    this(network, 1, label, NoiseMode.CONST, 1, false);
  }

  PictureSettings withPsi(double other) {
    return new PictureSettings(network, other, label, noise, batch, fp32);
  }

  PictureSettings withLabel(int other) {
    return new PictureSettings(network, psi, OptionalInt.of(other), noise, batch, fp32);
  }

  /** The network on a backend; pictures are made one batch after the other. */
  ImageGenerator open(Backend backend) {
    BackendObserver observer = ObservedBackend.observer(backend);
    try (var _ = observer.begin(new Activity.Stage("open network", ""))) {
      return ImageGenerator.open(
          backend, network.weights().get(), PrecisionOption.of(fp32, backend), 1);
    }
  }

  /** Fresh noise is told by the pictures' seeds, so that it can be made again, in any batch. */
  GenerationRequest request(Movement movement, long... seeds) {
    GenerationRequest request = GenerationRequest.defaults().withTruncationPsi(psi);
    if (network.generator().hasNoise()) {
      request =
          noise == NoiseMode.RANDOM ? request.withRandomNoise(seeds) : request.withNoise(noise);
    }
    if (label.isPresent()) {
      request = request.withClassLabel(label.getAsInt());
    }
    if (network.generator().hasInputTransform()) {
      request = request.withMovement(movement.x(), movement.y(), movement.degrees());
    }
    return request;
  }
}
