package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of this process: the machine's preferred width, or the narrower one asked for
 * by {@code aliasfree.vector.bits}. They are constants, so that compiled kernels contain plain
 * vector instructions. Only to be touched when {@link VectorSupport#used()}.
 */
final class Simd {
  /** The float species of every kernel. */
  static final VectorSpecies<Float> FLOATS = species();

  /** The int species of the same shape. */
  static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.withShape(FLOATS.vectorShape());

  /** Floats in a vector: 4, 8 or 16. */
  static final int LANES = FLOATS.length();

  /** Bits in a vector: 128, 256 or 512. */
  static final int BITS = FLOATS.vectorBitSize();

  private Simd() {}

  private static VectorSpecies<Float> species() {
    int widest = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
    int asked = Integer.getInteger(VectorSupport.BITS, widest);
    int bits = Math.max(Math.min(128, widest), Integer.highestOneBit(Math.clamp(asked, 1, widest)));
    return FloatVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(bits));
  }

  /** Why the machine's vectors cannot be used, or an empty string. */
  static String obstacle() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    if (preferred < 128) {
      return "the machine's preferred vector has only " + preferred + " bits";
    }
    // x86 without AVX2 may lack a fused multiply-add, which the JVM would then emulate in software.
    String arch = System.getProperty("os.arch", "");
    boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
    if (x86 && preferred < 256) {
      return "the processor (or the JVM's -XX:UseAVX) offers no AVX2 and hence maybe no fused multiply-add";
    }
    return "";
  }
}
