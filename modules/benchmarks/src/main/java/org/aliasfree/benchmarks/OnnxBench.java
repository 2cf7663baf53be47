package org.aliasfree.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Backends;
import org.aliasfree.measure.Sample;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.onnx.OnnxFile;
import org.aliasfree.onnx.OnnxOptions;
import org.aliasfree.tensor.HostTensor;

/**
 * Times one image of a preset here and in ONNX Runtime, in turn, with the same threads, and says
 * how far the images differ.
 *
 * <p>Arguments: presets such as {@code stylegan3-t-256}.
 */
public final class OnnxBench {
  private static final int WARM_UP = 4;
  private static final int RUNS = 5;

  private OnnxBench() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException, OrtException {
    for (String preset : args) {
      GeneratorNetwork network = GeneratorNetwork.random(StyleGan3Config.preset(preset), 1);
      Path file = Files.createTempFile("aliasfree", ".onnx");
      try {
        OnnxFile.write(file, network, OnnxOptions.DEFAULTS);
        compare(preset, network, file);
      } finally {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void compare(String preset, GeneratorNetwork network, Path file)
      throws OrtException {
    int threads = Runtime.getRuntime().availableProcessors();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (Backend backend = Backends.select("auto", BackendOptions.defaults().withThreads(threads));
        ImageGenerator generator = ImageGenerator.open(backend, network);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      HostTensor z = generator.latents(2);
      FloatBuffer values = z.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      try (OrtSession session = environment.createSession(file.toString(), options);
          OnnxTensor latents = OnnxTensor.createTensor(environment, values, z.shape().toArray());
          OnnxTensor psi = OnnxTensor.createTensor(environment, 1f)) {
        double[] ours = new double[RUNS];
        double[] theirs = new double[RUNS];
        double difference = 0;
        for (int i = -WARM_UP; i < RUNS; i++) {
          long start = System.nanoTime();
          HostTensor image = generator.generate(z, GenerationRequest.defaults()).image();
          long middle = System.nanoTime();
          try (OrtSession.Result result = session.run(Map.of("z", latents, "psi", psi))) {
            ours[Math.max(i, 0)] = (middle - start) / 1e9;
            theirs[Math.max(i, 0)] = (System.nanoTime() - middle) / 1e9;
            difference = difference(image, ((OnnxTensor) result.get(0)).getFloatBuffer());
          }
        }
        double here = Sample.of(ours).median();
        double there = Sample.of(theirs).median();
        System.out.printf(
            Locale.ROOT,
            "%s, %d threads: aliasfree %.3f s, ONNX Runtime %.3f s, ratio %.2f, largest difference %.1e%n",
            preset,
            threads,
            here,
            there,
            there / here,
            difference);
      }
    }
  }

  private static double difference(HostTensor image, FloatBuffer other) {
    double largest = 0;
    for (int i = 0; i < other.limit(); i++) {
      largest = Math.max(largest, Math.abs(image.get(i) - other.get(i)));
    }
    return largest;
  }
}
