package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan3Config;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged copies of good files: each gives networks or the one kind of error, within two seconds.
 * {@code -Dfuzz.tries=100000} tries more than the usual few hundred of each file, {@code
 * -Dfuzz.seed=N} others; a failure names the seed of the one try.
 */
class NetworkFileFuzzTest {
  private static final int TRIES = Integer.getInteger("fuzz.tries", 200);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final long LONGEST_NANOS = 2_000_000_000L;

  /** Bytes that mean much: opcodes that nest, share and call, extreme lengths. */
  private static final byte[] TELLING = {
    0, 1, 0x7f, -1, -128, '(', '.', '0', '2', 'R', 'b', 'h', 'j', 't', 'u', 'e', 's', 'a', '}', ']',
    ')', 'N', 'c', 'J', '"', '{'
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sg3r_64_cond3.pkl",
        "sg3t_32.pkl",
        "assembled.pkl",
        "assembled-tensorflow.pkl",
        "own.safetensors",
        "G_ema.safetensors"
      })
  void aDamagedFileGivesNetworksOrOneError(String name, @TempDir Path folder) throws IOException {
    byte[] good = good(name, folder);
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      long seed = SEED * 1_000_003L + i;
      byte[] damaged = damage(good, new Random(seed));
      String what = "try " + seed + " of " + name;
      refused += isRefused(name, damaged, what) ? 1 : 0;
    }
    assertThat(refused).as("damaged files that were refused").isBetween(TRIES / 4, TRIES);
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
      NetworkFile read =
          NetworkFile.read(new MappedFile(Path.of(name), MemorySegment.ofArray(damaged)));
      read.names().forEach(read::network);
      if (read.names().contains("G_ema") && !name.startsWith("assembled")) {
        GeneratorFiles.load(read, "G_ema");
      }
      return false;
    } catch (NetworkFileException e) {
      assertThat(String.valueOf(e.getMessage())).as(what).startsWith(name + ": ").hasLineCount(1);
      return true;
    } catch (Throwable e) {
      throw new AssertionError(what + " gave " + e, e);
    }
  }

  private static byte[] good(String name, Path folder) throws IOException {
    Path goldens = Path.of(System.getProperty("aliasfree.goldens"), "pickles");
    return switch (name) {
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

  private static byte[] damage(byte[] good, Random random) {
    byte[] bytes = good.clone();
    if (random.nextInt(8) == 0) {
      bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
    }
    for (int n = 1 << random.nextInt(4); n > 0; n--) {
      int at = position(bytes, random);
      int length = Math.min(1 + random.nextInt(16), bytes.length - at);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
        case 2 -> Arrays.fill(bytes, at, at + length, TELLING[random.nextInt(TELLING.length)]);
        case 3 ->
            System.arraycopy(
                bytes, position(bytes, random) % (bytes.length - length + 1), bytes, at, length);
        case 4 ->
            bytes =
                spliced(
                    bytes, at, List.of(slice(bytes, at, length), slice(bytes, at, length)), length);
        default -> bytes = spliced(bytes, at, List.of(), length);
      }
      if (bytes.length == 0) {
        return new byte[1];
      }
    }
    return bytes;
  }

  /**
   * Mostly where the structure is: near the front, where the names and the first module are, and at
   * the end.
   */
  private static int position(byte[] bytes, Random random) {
    int reach =
        random.nextInt(3) == 0
            ? bytes.length
            : Math.min(bytes.length, 1 << (4 + random.nextInt(12)));
    int at = random.nextInt(reach);
    return random.nextInt(4) == 0 ? bytes.length - 1 - at : at;
  }

  private static byte[] slice(byte[] bytes, int at, int length) {
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  private static byte[] spliced(byte[] bytes, int at, List<byte[]> inserted, int removed) {
    PickleAssembler a = new PickleAssembler().raw(Arrays.copyOf(bytes, at));
    inserted.forEach(a::raw);
    return a.raw(Arrays.copyOfRange(bytes, at + removed, bytes.length)).bytes();
  }
}
