package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** What a picture is of. */
sealed interface Subject {
  /** The z that a seed draws. */
  record Seed(long seed) implements Subject {
    @Override
    public String fileName() {
      return String.format(Locale.ROOT, "seed%04d", seed);
    }

    @Override
    public String toString() {
      return "seed " + seed;
    }

    @Override
    public HostTensor ws(LongFunction<HostTensor> ofSeed) {
      return ofSeed.apply(seed);
    }

    @Override
    public long noiseSeed() {
      return seed;
    }
  }

  /** A place on the straight line in W from one seed to another. */
  record Between(long from, long to, int index, int count) implements Subject {
    @Override
    public String fileName() {
      return String.format(Locale.ROOT, "seed%04d-%04d_%03d", from, to, index);
    }

    @Override
    public String toString() {
      return "seeds " + from + " to " + to + ", " + (index + 1) + " of " + count;
    }

    @Override
    public HostTensor ws(LongFunction<HostTensor> ofSeed) {
      return Latents.line(ofSeed.apply(from), ofSeed.apply(to), (double) index / (count - 1));
    }

    @Override
    public long noiseSeed() {
      return from;
    }
  }

  /** A w of a file. */
  record Projected(HostTensor w, int index) implements Subject {
    @Override
    public String fileName() {
      return String.format(Locale.ROOT, "proj%02d", index);
    }

    @Override
    public String toString() {
      return "w " + index;
    }

    @Override
    public HostTensor ws(LongFunction<HostTensor> ofSeed) {
      return w;
    }

    @Override
    public long noiseSeed() {
      return index;
    }
  }

  /** {@code 1:2:10}: ten pictures from seed 1 to seed 2. */
  Pattern LINE = Pattern.compile("([^:,]+):([^:,]+):(\\d{1,9})");

  /** What files are called, without an ending. */
  String fileName();

  /**
   * ws after truncation, f32 [1, numWs, wDim].
   *
   * @param ofSeed gives those of a seed
   */
  HostTensor ws(LongFunction<HostTensor> ofSeed);

  /** Tells fresh noise. */
  long noiseSeed();

  /** Seeds and ranges as {@link OptionValues#seeds} takes them, and lines in W among them. */
  static List<Subject> parse(String text) {
    List<Subject> subjects = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher line = LINE.matcher(part.strip());
      if (line.matches()) {
        long from = OptionValues.seed(line.group(1));
        long to = OptionValues.seed(line.group(2));
        int count = OptionValues.integer(line.group(3), 2, OptionValues.MAX_SEEDS);
        for (int i = 0; i < count; i++) {
          subjects.add(new Between(from, to, i, count));
        }
      } else {
        OptionValues.seeds(part).forEach(seed -> subjects.add(new Seed(seed)));
      }
      if (subjects.size() > OptionValues.MAX_SEEDS) {
        throw new AliasFreeException(
            "these are more than "
                + OptionValues.MAX_SEEDS
                + " pictures; split the work into several commands.");
      }
    }
    return subjects;
  }

  /**
   * The w of a file.
   *
   * @param w [n, numWs, wDim] or [numWs, wDim], one for each layer; or [n, wDim] or [wDim], the
   *     same for all layers
   */
  static List<Subject> projected(HostTensor w, int numWs, int wDim) {
    long[] sizes = w.shape().toArray();
    int rank = sizes.length;
    boolean each = rank >= 2 && sizes[rank - 2] == numWs && rank <= 3;
    boolean same = rank == 1 || (rank == 2 && !each) || (rank == 3 && sizes[1] == 1);
    if (rank == 0 || sizes[rank - 1] != wDim || !(each || same) || !w.dtype().isFloat()) {
      throw new AliasFreeException(
          "\"w\" is "
              + w.type()
              + ", but the network takes [n, "
              + numWs
              + ", "
              + wDim
              + "], or [n, "
              + wDim
              + "] for the same w in all layers.");
    }
    long row = each ? (long) numWs * wDim : wDim;
    long count = w.type().elements() / row;
    HostTensor values = w.to(DType.F32);
    List<Subject> subjects = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      HostTensor ws = HostTensor.allocate(TensorType.f32(1, numWs, wDim));
      for (long i = 0; i < ws.type().elements(); i++) {
        double value = values.get(n * row + i % row);
        if (!Double.isFinite(value)) {
          throw new AliasFreeException("\"w\" has the value " + value + " at picture " + n + ".");
        }
        ws.set(i, value);
      }
      subjects.add(new Projected(ws, n));
    }
    return subjects;
  }
}
