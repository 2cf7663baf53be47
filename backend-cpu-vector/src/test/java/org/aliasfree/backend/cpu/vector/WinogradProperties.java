package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** Winograd's form of 3x3 convolutions against the definition in double. */
@Tag("kernel")
class WinogradProperties {
  /** Declared accuracy: the largest error over the root mean square of the output. */
  private static double tolerance(WinogradTile tile) {
    return tile == WinogradTile.FOUR ? 1e-4 : 2.5e-4;
  }

  @Property(tries = 24)
  void forwardEqualsTheDefinitionToItsTolerance(@ForAll long seed, @ForAll WinogradTile tile) {
    if (!VectorSupport.used()) {
      return; // The form exists on vectors only.
    }
    Random random = new Random(seed);
    ConvShape s = shape(random, 1 + random.nextInt(2));
    float[] x = Samples.values(random, s.batch() * s.inChannels() * s.height() * s.width());
    float[] w = Samples.values(random, s.outChannels() * s.inChannels() * 9);
    NaiveConv exact = NaiveConv.forward(s, x, w);
    WinogradPlan plan = new WinogradPlan(s, tile, false, s.outHeight(), s.outWidth());
    assertNear(
        run(plan, x, w, exact.value.length, null, null, 1 + random.nextInt(3), random),
        exact.value,
        s,
        tile);
  }

  @Property(tries = 16)
  void transposedIsTheGradientByTheInput(@ForAll long seed, @ForAll WinogradTile tile) {
    if (!VectorSupport.used()) {
      return; // The form exists on vectors only.
    }
    Random random = new Random(seed);
    ConvShape s = shape(random, 1);
    float[] dy = Samples.values(random, s.outChannels() * s.outHeight() * s.outWidth());
    float[] w = Samples.values(random, s.outChannels() * s.inChannels() * 9);
    NaiveConv exact = NaiveConv.inputGradient(s, dy, w);
    WinogradPlan plan =
        new WinogradPlan(ConvProperties.transpose(s), tile, true, s.height(), s.width());
    assertNear(run(plan, dy, w, exact.value.length, null, null, 2, random), exact.value, s, tile);
  }

  @Property(tries = 24)
  void weightGradientEqualsTheDefinitionToItsTolerance(@ForAll long seed) {
    if (!VectorSupport.used()) {
      return; // The form exists on vectors only.
    }
    Random random = new Random(seed);
    ConvShape s = shape(random, 1 + random.nextInt(3));
    float[] dy = Samples.values(random, s.batch() * s.outChannels() * s.outHeight() * s.outWidth());
    float[] x = Samples.values(random, s.batch() * s.inChannels() * s.height() * s.width());
    float[] one = weightGradient(s, dy, x, 1, random);
    assertNear(one, NaiveConv.weightGradient(s, dy, x).value, s, WinogradTile.FOUR);
    assertThat(weightGradient(s, dy, x, 3, random)).as("%s", s).isEqualTo(one);
  }

  private static float[] weightGradient(
      ConvShape s, float[] dy, float[] x, int threads, Random random) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment dw = Samples.target(arena, s.outChannels() * s.inChannels() * 9);
      Work work =
          new WinogradWeightGradient(s)
              .bind(Samples.tensor(arena, x), Samples.tensor(arena, dy), dw, new Scratch());
      Samples.run(work, threads, random);
      return Samples.read(dw);
    }
  }

  @Property(tries = 10)
  void threadsBatchesAndOtherChannelsDoNotChangeABit(@ForAll long seed, @ForAll WinogradTile tile) {
    if (!VectorSupport.used()) {
      return; // The form exists on vectors only.
    }
    Random random = new Random(seed);
    ConvShape s = shape(random, 1);
    int length = s.outChannels() * s.outHeight() * s.outWidth();
    float[] x = Samples.values(random, s.inChannels() * s.height() * s.width());
    float[] w = Samples.values(random, s.outChannels() * s.inChannels() * 9);
    float[] in = Samples.values(random, 2 * s.inChannels());
    float[] out = Samples.values(random, 2 * s.outChannels());
    System.arraycopy(in, 0, in, s.inChannels(), s.inChannels());
    System.arraycopy(out, 0, out, s.outChannels(), s.outChannels());
    WinogradPlan plan = new WinogradPlan(s, tile, false, s.outHeight(), s.outWidth());
    float[] alone = run(plan, x, w, length, in, out, 1, random);
    assertThat(run(plan, x, w, length, in, out, 3, random)).as("%s", s).isEqualTo(alone);
    float[] two = Arrays.copyOf(x, 2 * x.length);
    System.arraycopy(x, 0, two, x.length, x.length);
    ConvShape pair =
        ConvShape.plain(2, s.inChannels(), s.height(), s.width(), s.outChannels(), 3, s.padTop());
    WinogradPlan both = new WinogradPlan(pair, tile, false, s.outHeight(), s.outWidth());
    float[] all = run(both, two, w, 2 * length, in, out, 2, random);
    assertThat(Arrays.copyOf(all, length)).as("%s", s).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(all, length, 2 * length)).as("%s", s).isEqualTo(alone);
  }

  @Property(tries = 10)
  void scalesMultiplyChannelsOfInputAndOutput(@ForAll long seed, @ForAll WinogradTile tile) {
    if (!VectorSupport.used()) {
      return; // The form exists on vectors only.
    }
    Random random = new Random(seed);
    ConvShape s = shape(random, 2);
    int length = 2 * s.outChannels() * s.outHeight() * s.outWidth();
    float[] x = Samples.values(random, 2 * s.inChannels() * s.height() * s.width());
    float[] w = Samples.values(random, s.outChannels() * s.inChannels() * 9);
    float[] in = Samples.values(random, 2 * s.inChannels());
    float[] out = Samples.values(random, 2 * s.outChannels());
    WinogradPlan plan = new WinogradPlan(s, tile, false, s.outHeight(), s.outWidth());
    float[] scaled = ConvProperties.scale(x, in, s.height() * s.width());
    float[] expected =
        ConvProperties.scale(
            run(plan, scaled, w, length, null, null, 1, random), out, s.outHeight() * s.outWidth());
    assertThat(run(plan, x, w, length, in, out, 2, random)).as("%s", s).isEqualTo(expected);
  }

  private static float[] run(
      WinogradPlan plan,
      float[] x,
      float[] w,
      int length,
      float @Nullable [] in,
      float @Nullable [] out,
      int threads,
      Random random) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment y = Samples.target(arena, length);
      Work work =
          plan.bind(
              Samples.tensor(arena, x),
              plan.pack(Samples.tensor(arena, w)),
              y,
              in == null ? null : Samples.tensor(arena, in),
              out == null ? null : Samples.tensor(arena, out),
              new Scratch());
      Samples.run(work, threads, random);
      return Samples.read(y);
    }
  }

  private static void assertNear(float[] actual, double[] exact, ConvShape s, WinogradTile tile) {
    double square = 0;
    for (double v : exact) {
      square += v * v;
    }
    double bound = tolerance(tile) * Math.sqrt(square / exact.length);
    for (int i = 0; i < exact.length; i++) {
      if (!(Math.abs(actual[i] - exact[i]) <= bound)) {
        assertThat(actual[i])
            .as("element %d of %s, bound %g", i, s, bound)
            .isEqualTo((float) exact[i]);
      }
    }
  }

  private static ConvShape shape(Random random, int batch) {
    boolean wide = random.nextInt(4) == 0;
    return ConvShape.plain(
        batch,
        1 + random.nextInt(70),
        3 + random.nextInt(wide ? 3 : 40),
        3 + random.nextInt(wide ? 400 : 40),
        1 + random.nextInt(wide ? 8 : 40),
        3,
        random.nextInt(4));
  }
}
