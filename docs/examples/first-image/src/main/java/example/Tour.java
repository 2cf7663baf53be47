package example;

import java.util.List;
import java.util.stream.LongStream;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** What else can be asked of a generator; docs/java.md explains each. */
final class Tour {
  private final ImageGenerator generator;

  Tour(ImageGenerator generator) {
    this.generator = generator;
  }

  HostTensor truncated() {
    GenerationRequest request =
        GenerationRequest.defaults().withTruncationPsi(0.7).withTruncationCutoff(8);
    return generator.generate(generator.latents(1, 2, 3), request).image();
  }

  HostTensor lineInW(int steps) {
    GenerationRequest request = GenerationRequest.defaults();
    HostTensor ends = generator.map(generator.latents(1, 2), request); // f32 [2, numWs, wDim]
    Generator g = generator.generator();
    HostTensor ws = HostTensor.allocate(TensorType.f32(steps, g.numWs(), g.wDim()));
    for (int n = 0; n < steps; n++) {
      double t = n / (steps - 1.0);
      for (long i = 0; i < (long) g.numWs() * g.wDim(); i++) {
        ws.row(n).set(i, (1 - t) * ends.row(0).get(i) + t * ends.row(1).get(i));
      }
    }
    return generator.synthesize(ws, request).image(); // f32 [steps, channels, R, R]
  }

  HostTensor mixed() {
    GenerationRequest request = GenerationRequest.defaults();
    HostTensor ws = generator.map(generator.latents(1, 2), request);
    for (int layer = 0; layer < 7; layer++) {
      ws.row(0).row(layer).data().copyFrom(ws.row(1).row(layer).data());
    }
    return generator.synthesize(ws, request).image().row(0);
  }

  HostTensor ofClass(int label) {
    GenerationRequest request = GenerationRequest.defaults().withClassLabel(label);
    return generator.generate(generator.latents(1), request).image();
  }

  HostTensor moved() {
    GenerationRequest request = GenerationRequest.defaults().withMovement(0.25, 0, 30);
    return generator.generate(generator.latents(1), request).image();
  }

  HostTensor layer(String name) {
    GenerationRequest request = GenerationRequest.defaults().withOnlyLayers(name);
    return generator.generate(generator.latents(1), request).layer(name); // f32 [1, C, H, W]
  }

  List<GeneratedImages> onAllThreads() {
    return LongStream.range(0, 8)
        .parallel()
        .mapToObj(seed -> generator.generate(generator.latents(seed), GenerationRequest.defaults()))
        .toList();
  }
}
