package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan3Config;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged copies of good files of every kind (see {@link FileDamage}): each gives networks, or the
 * one kind of error, within two seconds (a slow one is tried twice more) and the heap of these
 * tests. {@code -Dfuzz.tries=N} tries more than the usual 50 of each file, {@code -Dfuzz.seed=N}
 * others; a failure names the seed of the one try.
 */
class NetworkFileFuzzTest {
  private static final int TRIES = Integer.getInteger("fuzz.tries", 50);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final long LONGEST_NANOS = 2_000_000_000L;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sg3r_64_cond3.pkl",
        "sg3t_32.pkl",
        "sg2_32.pkl",
        "sg2_32_cond4.pkl",
        "protocol2.pkl",
        "protocol3.pkl",
        "protocol5.pkl",
        "assembled.pkl",
        "assembled-tensorflow.pkl",
        "own.safetensors",
        "G_ema.safetensors",
        "plain.safetensors"
      })
  void aDamagedFileGivesNetworksOrOneError(String name, @TempDir Path folder) throws IOException {
    byte[] good = good(name, folder);
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      long seed = SEED * 1_000_003L + i;
      byte[] damaged = FileDamage.of(good, seed);
      String what = "try " + seed + " of " + name;
      refused += isRefused(name, damaged, what) ? 1 : 0;
    }
    assertThat(refused).as("damaged files that were refused").isBetween(TRIES / 8, TRIES);
  }

  private static boolean isRefused(String name, byte[] damaged, String what) {
    // A slow try is tried again: the first use of a class, or a busy machine, is not the file's
    // fault.
    long nanos = Long.MAX_VALUE;
    boolean refused = false;
    for (int attempt = 0; attempt < 3 && nanos >= LONGEST_NANOS; attempt++) {
      long start = System.nanoTime();
      refused = readsWithError(name, damaged, what);
      nanos = System.nanoTime() - start;
    }
    assertThat(nanos).as("nanoseconds of %s", what).isLessThan(LONGEST_NANOS);
    return refused;
  }

  private static boolean readsWithError(String name, byte[] damaged, String what) {
    try {
      if (name.startsWith("plain")) {
        return plainIsRefused(damaged, name);
      }
      NetworkFile read =
          NetworkFile.read(new MappedFile(Path.of(name), MemorySegment.ofArray(damaged)));
      read.names().forEach(read::network);
      if (read.names().contains("G_ema") && !name.startsWith("assembled")) {
        GeneratorFiles.load(read, "G_ema");
      }
      if (read.names().contains("D")) {
        DiscriminatorFiles.load(read, "D");
      }
      return false;
    } catch (NetworkFileException e) {
      assertThat(String.valueOf(e.getMessage())).as(what).startsWith(name + ": ").hasLineCount(1);
      return true;
    } catch (Throwable e) {
      throw new AssertionError(what + " gave " + e, e);
    }
  }

  private static boolean plainIsRefused(byte[] damaged, String name) {
    try {
      SafetensorsHeader.read(MemorySegment.ofArray(damaged));
      return false;
    } catch (Malformed e) {
      throw new NetworkFileException(Path.of(name), e);
    }
  }

  private static byte[] good(String name, Path folder) throws IOException {
    Path goldens = Path.of(System.getProperty("aliasfree.goldens"), "pickles");
    return switch (name) {
      case "protocol2.pkl", "protocol3.pkl", "protocol5.pkl" ->
          PickleRecoder.recode(
              Files.readAllBytes(goldens.resolve("sg2_32_cond4.pkl")), name.charAt(8) - '0');
      case "plain.safetensors" -> {
        Path file = folder.resolve(name);
        StoredNetwork golden = NetworkFile.read(goldens.resolve("sg2_32.pkl")).network("D");
        new Safetensors(golden.tensors(), Map.of("format", "pt")).write(file);
        yield Files.readAllBytes(file);
      }
      case "own.safetensors" -> {
        Path file = folder.resolve(name);
        NetworkFile.read(goldens.resolve("sg3r_64_cond3.pkl")).write(file);
        yield Files.readAllBytes(file);
      }
      // Small, so that damage often meets the keywords.
      case "G_ema.safetensors" -> {
        StyleGan3Config tiny =
            StyleGan3Config.stylegan3R(16)
                .with(b -> b.channelBase(64).channelMax(4).wDim(4).zDim(4));
        Path file = folder.resolve(name);
        StoredNetwork stored = GeneratorFiles.stored(GeneratorNetwork.random(tiny, 1));
        NetworkFile.write(file, Map.of("G_ema", stored), Map.of());
        yield Files.readAllBytes(file);
      }
      case "assembled.pkl" -> {
        byte[] stream = PickleAssembler.stream("FloatStorage", 4, new byte[16]);
        byte[] storage = new PickleAssembler().storage(stream).bytes();
        yield PickleAssembler.snapshotWithTensor(
            new PickleAssembler().tensor(storage, 0, new long[] {2, 2}, new long[] {1, 2}).bytes());
      }
      case "assembled-tensorflow.pkl" -> {
        byte[] generator =
            TensorFlowFile.generator(
                TensorFlowNetworksTest.generator("skip"), TensorFlowNetworksTest.G_KEYWORDS);
        byte[] discriminator =
            TensorFlowFile.discriminator(
                TensorFlowNetworksTest.discriminator("resnet"), TensorFlowNetworksTest.D_KEYWORDS);
        yield TensorFlowFile.triple(generator, discriminator, generator);
      }
      default -> Files.readAllBytes(goldens.resolve(name));
    };
  }
}
