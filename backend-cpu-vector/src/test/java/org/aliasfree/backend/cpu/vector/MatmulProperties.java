package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Matrix products of random shapes against triple loops in double. */
@Tag("kernel")
class MatmulProperties {
  @Property
  void productsEqualTheDefinition(@ForAll long seed) {
    Random random = new Random(seed);
    Case c = new Case(random);
    float[] result = c.run(c.a, c.rows, 1 + random.nextInt(3), random);
    Samples.assertNear(result, c.value, c.size, c.depth, c.text);
  }

  @Property(tries = 24)
  void threadsAndOtherRowsDoNotChangeABit(@ForAll long seed) {
    Random random = new Random(seed);
    Case c = new Case(random);
    float[] all = c.run(c.a, c.rows, 1, random);
    assertThat(c.run(c.a, c.rows, 3, random)).as(c.text).isEqualTo(all);
    if (!c.transposedA && c.products == 1) {
      int row = random.nextInt(c.rows);
      float[] alone = Arrays.copyOfRange(c.a, row * c.depth, (row + 1) * c.depth);
      assertThat(c.run(alone, 1, 2, random))
          .as("row %d of %s", row, c.text)
          .isEqualTo(Arrays.copyOfRange(all, row * c.columns, (row + 1) * c.columns));
    }
  }

  /** A random product, with one left matrix for all or one for each. */
  private static final class Case {
    final int rows;
    final int columns;
    final int depth;
    final int products;
    final boolean transposedA;
    final boolean transposedB;
    final float[] a;
    final float[] b;
    final long[] offsetsA;
    final long[] offsetsB;
    final double[] value;
    final double[] size;
    final String text;

    Case(Random random) {
      boolean deep = random.nextInt(4) == 0;
      rows = 1 + random.nextInt(random.nextBoolean() ? 3 : 70);
      columns = 1 + random.nextInt(random.nextInt(4) == 0 ? 400 : 70);
      depth = 1 + random.nextInt(deep ? 700 : 50);
      products = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
      transposedA = random.nextBoolean();
      transposedB = random.nextBoolean();
      boolean shared = random.nextBoolean();
      a = Samples.values(random, rows * depth * (shared ? 1 : products));
      b = Samples.values(random, depth * columns * products);
      offsetsA = new long[products];
      offsetsB = new long[products];
      for (int p = 0; p < products; p++) {
        offsetsA[p] = shared ? 0 : (long) p * rows * depth;
        offsetsB[p] = (long) p * depth * columns;
      }
      text =
          products
              + " x ["
              + rows
              + ","
              + depth
              + "]"
              + (transposedA ? "'" : "")
              + " x ["
              + depth
              + ","
              + columns
              + "]"
              + (transposedB ? "'" : "");
      value = new double[products * rows * columns];
      size = new double[value.length];
      define();
    }

    private void define() {
      for (int p = 0; p < products; p++) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            int to = (p * rows + i) * columns + j;
            for (int k = 0; k < depth; k++) {
              int ia = (int) offsetsA[p] + (transposedA ? k * rows + i : i * depth + k);
              int ib = (int) offsetsB[p] + (transposedB ? j * depth + k : k * columns + j);
              double term = (double) a[ia] * b[ib];
              value[to] += term;
              size[to] += Math.abs(term);
            }
          }
        }
      }
    }

    float[] run(float[] left, int height, int threads, Random random) {
      Matmul plan =
          new Matmul(height, columns, depth, transposedA, transposedB, offsetsA, offsetsB);
      try (Arena arena = Arena.ofShared()) {
        MemorySegment c = Samples.target(arena, products * height * columns);
        Work work = plan.bind(Samples.tensor(arena, left), Samples.tensor(arena, b), c);
        Samples.run(work, threads, random);
        return Samples.read(c);
      }
    }
  }
}
