package org.aliasfree.metrics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** RGB images of 32×32 that look otherwise from each side, and what can be done to them. */
final class Textures {
  static final int SIZE = 32;
  static final int CHANNELS = 3;

  private Textures() {}

  /** What an image becomes. */
  @FunctionalInterface
  interface Change {
    double[][][] of(double[][][] image, Random random);
  }

  /** Images of teeth that rise slowly to the right and fall at once, their colours alike. */
  static List<HostTensor> set(int images, long seed, Change change) {
    return IntStream.range(0, images)
        .mapToObj(
            i -> {
              Random random = new Random(seed * 1000 + i);
              return tensor(change.of(teeth(random), new Random(i)));
            })
        .toList();
  }

  static List<HostTensor> set(int images, long seed) {
    return set(images, seed, (image, _) -> image);
  }

  private static double[][][] teeth(Random random) {
    double period = 5 + 6 * random.nextDouble();
    double phase = random.nextDouble();
    double slope = 0.4 * random.nextDouble() - 0.2;
    double[][][] image = new double[CHANNELS][SIZE][SIZE];
    for (int c = 0; c < CHANNELS; c++) {
      double height = 120 + 20 * random.nextDouble();
      for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
          double t = (x + slope * y) / period + phase;
          image[c][y][x] = 50 + height * (t - Math.floor(t));
        }
      }
    }
    return image;
  }

  /** Noise of a standard deviation in grey levels. */
  static Change noised(double sigma) {
    return each((image, random, c, y, x) -> image[c][y][x] + sigma * random.nextGaussian());
  }

  /** The mean over so many neighbours to each side, along both axes; the edges meet. */
  static Change blurred(int radius) {
    return each(
        (image, _, c, y, x) -> {
          double sum = 0;
          for (int dy = -radius; dy <= radius; dy++) {
            for (int dx = -radius; dx <= radius; dx++) {
              sum += image[c][Math.floorMod(y + dy, SIZE)][Math.floorMod(x + dx, SIZE)];
            }
          }
          return sum / ((2 * radius + 1) * (2 * radius + 1));
        });
  }

  static Change mirrored() {
    return each((image, _, c, y, x) -> image[c][y][SIZE - 1 - x]);
  }

  /** The first channel moved to the right. */
  static Change shiftedChannel(int pixels) {
    return each((image, _, c, y, x) -> image[c][y][c == 0 ? Math.floorMod(x - pixels, SIZE) : x]);
  }

  @FunctionalInterface
  private interface Pixel {
    double of(double[][][] image, Random random, int c, int y, int x);
  }

  private static Change each(Pixel pixel) {
    return (image, random) -> {
      double[][][] changed = new double[CHANNELS][SIZE][SIZE];
      for (int c = 0; c < CHANNELS; c++) {
        for (int y = 0; y < SIZE; y++) {
          for (int x = 0; x < SIZE; x++) {
            changed[c][y][x] = pixel.of(image, random, c, y, x);
          }
        }
      }
      return changed;
    };
  }

  private static HostTensor tensor(double[][][] image) {
    byte[] samples = new byte[CHANNELS * SIZE * SIZE];
    for (int i = 0; i < samples.length; i++) {
      double value = image[i / SIZE / SIZE][i / SIZE % SIZE][i % SIZE];
      samples[i] = (byte) Math.clamp(Math.round(value), 0, 255);
    }
    return tensor(CHANNELS, SIZE, samples);
  }

  static HostTensor tensor(int channels, int size, byte[] samples) {
    HostTensor tensor = HostTensor.allocate(TensorType.of(DType.U8, channels, size, size));
    MemorySegment.copy(samples, 0, tensor.data(), ValueLayout.JAVA_BYTE, 0, samples.length);
    return tensor;
  }

  static PatchDescriptors describe(List<HostTensor> images, long seed) {
    var collector = new DescriptorCollector(images.getFirst().type(), images.size(), seed);
    for (int i = 0; i < images.size(); i++) {
      collector.add(i, images.get(i));
    }
    return collector.finish();
  }

  static LevelDistances distance(List<HostTensor> a, List<HostTensor> b) {
    IntConsumer silent = _ -> {};
    return SlicedWasserstein.distance(describe(a, 0), describe(b, 0), 2, silent);
  }
}
