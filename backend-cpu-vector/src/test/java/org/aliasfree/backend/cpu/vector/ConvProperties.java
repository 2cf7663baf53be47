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

/** Convolutions of random shapes against the definition in double. */
@Tag("kernel")
class ConvProperties {
  @Property
  void forwardEqualsTheDefinition(@ForAll long seed) {
    Random random = new Random(seed);
    ConvShape s = shape(random);
    float[] x = Samples.values(random, s.batch() * s.inChannels() * s.height() * s.width());
    float[] w = Samples.values(random, s.outChannels() * s.groupIn() * s.kernelArea());
    NaiveConv exact = NaiveConv.forward(s, x, w);
    float[] y = forward(s, x, w, null, null, 1 + random.nextInt(3), random);
    Samples.assertNear(y, exact.value, exact.size, s.groupIn() * s.kernelArea(), s);
  }

  @Property
  void transposedIsTheGradientByTheInput(@ForAll long seed) {
    Random random = new Random(seed);
    ConvShape s = shape(random);
    float[] dy = Samples.values(random, s.batch() * s.outChannels() * s.outHeight() * s.outWidth());
    float[] w = Samples.values(random, s.outChannels() * s.groupIn() * s.kernelArea());
    NaiveConv exact = NaiveConv.inputGradient(s, dy, w);
    ConvPlan plan = ConvPlan.transposed(transpose(s), s.height(), s.width());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment dx = Samples.target(arena, exact.value.length);
      float[] packed = plan.pack(Samples.tensor(arena, w));
      Work work = plan.bind(Samples.tensor(arena, dy), packed, dx, null, null, new Scratch());
      Samples.run(work, 1 + random.nextInt(3), random);
      Samples.assertNear(
          Samples.read(dx), exact.value, exact.size, s.groupOut() * s.kernelArea(), s);
    }
  }

  @Property
  void weightGradientEqualsTheDefinition(@ForAll long seed) {
    Random random = new Random(seed);
    ConvShape s = shape(random);
    float[] dy = Samples.values(random, s.batch() * s.outChannels() * s.outHeight() * s.outWidth());
    float[] x = Samples.values(random, s.batch() * s.inChannels() * s.height() * s.width());
    NaiveConv exact = NaiveConv.weightGradient(s, dy, x);
    float[] one = weightGradient(s, dy, x, 1, random);
    int depth = s.batch() * s.outHeight() * s.outWidth();
    Samples.assertNear(one, exact.value, exact.size, depth, s);
    assertThat(weightGradient(s, dy, x, 3, random)).as("%s", s).isEqualTo(one);
  }

  private static float[] weightGradient(
      ConvShape s, float[] dy, float[] x, int threads, Random random) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment dw = Samples.target(arena, s.outChannels() * s.groupIn() * s.kernelArea());
      Work work =
          new DirectWeightGradient(s)
              .bind(Samples.tensor(arena, x), Samples.tensor(arena, dy), dw, new Scratch());
      Samples.run(work, threads, random);
      return Samples.read(dw);
    }
  }

  @Property(tries = 40)
  void scalesMultiplyChannelsOfInputAndOutput(@ForAll long seed) {
    Random random = new Random(seed);
    ConvShape s = shape(random);
    float[] x = Samples.values(random, s.batch() * s.inChannels() * s.height() * s.width());
    float[] w = Samples.values(random, s.outChannels() * s.groupIn() * s.kernelArea());
    float[] in = Samples.values(random, s.batch() * s.inChannels());
    float[] out = Samples.values(random, s.batch() * s.outChannels());
    float[] scaled = scale(x, in, s.height() * s.width());
    float[] expected =
        scale(forward(s, scaled, w, null, null, 1, random), out, s.outHeight() * s.outWidth());
    assertThat(forward(s, x, w, in, out, 2, random)).as("%s", s).isEqualTo(expected);
  }

  @Property(tries = 24)
  void threadsAndBatchesDoNotChangeABit(@ForAll long seed) {
    Random random = new Random(seed);
    ConvShape s = shape(random);
    float[] x = Samples.values(random, s.batch() * s.inChannels() * s.height() * s.width());
    float[] w = Samples.values(random, s.outChannels() * s.groupIn() * s.kernelArea());
    float[] alone = forward(s, x, w, null, null, 1, random);
    assertThat(forward(s, x, w, null, null, 3, random)).as("%s", s).isEqualTo(alone);
    int times = 1 + random.nextInt(5);
    ConvShape batched = withBatch(s, s.batch() * times);
    float[] many = new float[x.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(x, 0, many, i * x.length, x.length);
    }
    float[] all = forward(batched, many, w, null, null, 2, random);
    for (int i = 0; i < times; i++) {
      assertThat(Arrays.copyOfRange(all, i * alone.length, (i + 1) * alone.length))
          .as("image %d of %d, %s", i, times, s)
          .isEqualTo(alone);
    }
  }

  private static float[] forward(
      ConvShape s,
      float[] x,
      float[] w,
      float @Nullable [] in,
      float @Nullable [] out,
      int threads,
      Random random) {
    ConvPlan plan = ConvPlan.forward(s);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment y =
          Samples.target(arena, s.batch() * s.outChannels() * s.outHeight() * s.outWidth());
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

  static float[] scale(float[] tensor, float[] by, int plane) {
    float[] scaled = tensor.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= by[i / plane];
    }
    return scaled;
  }

  private static ConvShape withBatch(ConvShape s, int batch) {
    return new ConvShape(
        batch,
        s.inChannels(),
        s.height(),
        s.width(),
        s.outChannels(),
        s.kernelHeight(),
        s.kernelWidth(),
        s.groups(),
        s.strideY(),
        s.strideX(),
        s.dilationY(),
        s.dilationX(),
        s.padTop(),
        s.padBottom(),
        s.padLeft(),
        s.padRight());
  }

  /** The shape of the transposed convolution that undoes one of shape {@code s}. */
  static ConvShape transpose(ConvShape s) {
    return new ConvShape(
        s.batch(),
        s.outChannels(),
        s.outHeight(),
        s.outWidth(),
        s.inChannels(),
        s.kernelHeight(),
        s.kernelWidth(),
        s.groups(),
        s.strideY(),
        s.strideX(),
        s.dilationY(),
        s.dilationX(),
        s.padTop(),
        s.padBottom(),
        s.padLeft(),
        s.padRight());
  }

  /**
   * A shape with a non-empty output; a third each are plain, strided and dilated, and anything
   * goes.
   */
  static ConvShape shape(Random random) {
    while (true) {
      int groups = random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(3);
      boolean wide = random.nextInt(4) == 0;
      boolean plain = random.nextBoolean();
      int kh = 1 + random.nextInt(plain ? 3 : 5);
      int kw = plain ? kh : 1 + random.nextInt(5);
      int pad = random.nextInt(3);
      ConvShape s =
          new ConvShape(
              1 + random.nextInt(3),
              groups * size(random, 40),
              size(random, 24),
              wide ? 1 + random.nextInt(300) : size(random, 24),
              groups * size(random, 30),
              kh,
              kw,
              groups,
              plain ? 1 : 1 + random.nextInt(3),
              plain ? 1 : 1 + random.nextInt(3),
              plain ? 1 : 1 + random.nextInt(3),
              plain ? 1 : 1 + random.nextInt(3),
              plain ? pad : random.nextInt(8) - 3,
              plain ? pad : random.nextInt(8) - 3,
              plain ? pad : random.nextInt(8) - 3,
              plain ? pad : random.nextInt(8) - 3);
      int reachY = s.height() + s.padTop() + s.padBottom() - s.dilationY() * (kh - 1);
      int reachX = s.width() + s.padLeft() + s.padRight() - s.dilationX() * (kw - 1);
      if (reachY > 0 && reachX > 0) {
        return s;
      }
    }
  }

  private static int size(Random random, int most) {
    return random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(most);
  }
}
