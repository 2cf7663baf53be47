package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.aliasfree.backend.support.Kernel;

/**
 * Sums of f32 along axes, added in double. Where neighbours are added, rows are cut into pieces
 * that have several sums at once; where neighbours are results, these are added up side by side.
 * The order depends on the shape alone.
 *
 * @param kept the results, in the input and in the output
 * @param reduced the terms of a result, in the input
 */
record FloatSum(Walk kept, Walk reduced) implements Kernel<Scratch> {
  private static final ValueLayout.OfFloat F = ValueLayout.JAVA_FLOAT;
  private static final int PIECE = 4096;
  private static final int BESIDE = 512;

  /** Results of so few terms are added one by one. */
  private static final int SHORT = 32;

  /** Fewer results than this are not enough tasks by themselves. */
  private static final int FEW = 8;

  private long outputs() {
    return kept.rows() * kept.rowLength();
  }

  private long terms() {
    return reduced.rows() * reduced.rowLength();
  }

  private static double sum(MemorySegment in, long at, long step, int count, float[] buffer) {
    if (step == 1) {
      MemorySegment.copy(in, F, at * Float.BYTES, buffer, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        buffer[i] = in.getAtIndex(F, at + i * step);
      }
    }
    return sum(buffer, count);
  }

  /** Eight sums, so that none of them waits for itself. */
  private static double sum(float[] x, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i + 8 <= count; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    double rest = 0;
    for (; i < count; i++) {
      rest += x[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + rest;
  }

  @Override
  public void run(Call<Scratch> call) {
    if (outputs() == 0) {
      return;
    }
    if (terms() == 0) {
      call.out(0).fill((byte) 0);
    } else if (kept.step(0) == 1 && kept.rowLength() >= 16 && reduced.step(0) != 1) {
      beside(call);
    } else if (outputs() < FEW && terms() > RowKernel.TASK) {
      few(call);
    } else if (isShort()) {
      shortRows(call);
    } else {
      many(call);
    }
  }

  private long from(long output) {
    long row = output / kept.rowLength();
    return kept.start(0, row) + output % kept.rowLength() * kept.step(0);
  }

  private void store(Call<Scratch> call, long output, double value) {
    long row = output / kept.rowLength();
    long at = kept.start(1, row) + output % kept.rowLength() * kept.step(1);
    call.out(0).setAtIndex(F, at, (float) value);
  }

  private int piecesOfRow() {
    return Math.toIntExact(Math.ceilDiv(reduced.rowLength(), PIECE));
  }

  /** The sum of one piece of the terms of a result. */
  private double piece(MemorySegment in, long from, long piece, Scratch scratch) {
    long row = piece / piecesOfRow();
    long first = piece % piecesOfRow() * PIECE;
    int count = (int) Math.min(PIECE, reduced.rowLength() - first);
    long at = from + reduced.start(0, row) + first * reduced.step(0);
    return sum(in, at, reduced.step(0), count, scratch.floats(0, PIECE));
  }

  /** A task has some results. */
  private void many(Call<Scratch> call) {
    long pieces = reduced.rows() * piecesOfRow();
    long perTask = Math.max(1, RowKernel.TASK / terms());
    call.parallel(
        Math.toIntExact(Math.ceilDiv(outputs(), perTask)),
        (task, scratch) -> {
          for (long o = task * perTask; o < Math.min(outputs(), (task + 1) * perTask); o++) {
            long from = from(o);
            double total = 0;
            for (long p = 0; p < pieces; p++) {
              total += piece(call.in(0), from, p, scratch);
            }
            store(call, o, total);
          }
        });
  }

  /** Whether each result is the sum of a few neighbours, right after those of the one before. */
  private boolean isShort() {
    return reduced.rows() == 1
        && reduced.step(0) == 1
        && terms() <= SHORT
        && kept.rows() == 1
        && kept.step(0) == terms()
        && kept.step(1) == 1;
  }

  /** As {@link #many}, but terms are fetched and results stored by thousands. */
  private void shortRows(Call<Scratch> call) {
    int terms = Math.toIntExact(terms());
    int most = PIECE / terms;
    long perTask = Math.max(most, RowKernel.TASK / terms / most * most);
    call.parallel(
        Math.toIntExact(Math.ceilDiv(outputs(), perTask)),
        (task, scratch) -> {
          float[] from = scratch.floats(0, PIECE);
          float[] to = scratch.floats(1, PIECE);
          long end = Math.min(outputs(), (task + 1) * perTask);
          for (long o = task * perTask; o < end; o += most) {
            int count = (int) Math.min(most, end - o);
            MemorySegment.copy(call.in(0), F, o * terms * Float.BYTES, from, 0, count * terms);
            sums(from, terms, to, count);
            MemorySegment.copy(to, 0, call.out(0), F, o * Float.BYTES, count);
          }
        });
  }

  private static void sums(float[] from, int terms, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int k = 0; k < terms; k++) {
        sum += from[i * terms + k];
      }
      to[i] = (float) sum;
    }
  }

  /** A task has some pieces of one result; they are added in the same order as by one task. */
  private void few(Call<Scratch> call) {
    int pieces = Math.toIntExact(reduced.rows() * piecesOfRow());
    int perTask = Math.clamp(RowKernel.TASK / reduced.rowLength(), 1, PIECE);
    int parts = Math.ceilDiv(pieces, perTask);
    double[] sums = new double[pieces];
    for (long o = 0; o < outputs(); o++) {
      long from = from(o);
      call.parallel(
          parts,
          (task, scratch) -> {
            for (int p = task * perTask; p < Math.min(pieces, (task + 1) * perTask); p++) {
              sums[p] = piece(call.in(0), from, p, scratch);
            }
          });
      double total = 0;
      for (double sum : sums) {
        total += sum;
      }
      store(call, o, total);
    }
  }

  /** A task has neighbouring results. */
  private void beside(Call<Scratch> call) {
    int parts = Math.toIntExact(Math.ceilDiv(kept.rowLength(), BESIDE));
    call.parallel(
        Math.toIntExact(kept.rows() * parts),
        (task, scratch) -> {
          long row = task / parts;
          long first = (long) (task % parts) * BESIDE;
          int count = (int) Math.min(BESIDE, kept.rowLength() - first);
          float[] line = scratch.floats(0, BESIDE);
          double[] sums = scratch.doubles(0, BESIDE);
          Arrays.fill(sums, 0, count, 0);
          long from = kept.start(0, row) + first;
          for (long r = 0; r < reduced.rows(); r++) {
            long at = from + reduced.start(0, r);
            for (long i = 0; i < reduced.rowLength(); i++) {
              long offset = (at + i * reduced.step(0)) * Float.BYTES;
              MemorySegment.copy(call.in(0), F, offset, line, 0, count);
              add(line, sums, count);
            }
          }
          long to = kept.start(1, row) + first * kept.step(1);
          for (int i = 0; i < count; i++) {
            call.out(0).setAtIndex(F, to + i * kept.step(1), (float) sums[i]);
          }
        });
  }

  private static void add(float[] line, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += line[i];
    }
  }
}
