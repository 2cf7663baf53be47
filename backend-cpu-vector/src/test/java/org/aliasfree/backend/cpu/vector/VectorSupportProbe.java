package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A program that prints what vectors it uses and one convolved value, for JVMs started by tests.
 */
final class VectorSupportProbe {
  private VectorSupportProbe() {}

  /** Prints the sentence, then the sum of 64 channels of ones under a kernel of ones: 576. */
  public static void main(String[] arguments) {
    Convolution plan = Convolution.forward(ConvShape.plain(1, 64, 16, 16, 64, 3, 1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment y = arena.allocate(64 * 256 * Float.BYTES, 64);
      float[] packed = plan.pack(MemorySegment.ofArray(ones(64 * 64 * 9)));
      plan.bind(MemorySegment.ofArray(ones(64 * 256)), packed, y, null, null, new Scratch())
          .runAll(new Scratch());
      float middle = y.getAtIndex(ValueLayout.JAVA_FLOAT, 8 * 16 + 8);
      float[] turned = new float[256];
      GemmPacking.interleave(ones(256), 16, 16, 16, turned, 0, 16, 16);
      System.out.println(VectorSupport.sentence() + " " + Math.round(middle * turned[255]));
    }
  }

  private static float[] ones(int count) {
    float[] all = new float[count];
    Arrays.fill(all, 1f);
    return all;
  }
}
