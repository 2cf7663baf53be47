package org.aliasfree.tensor;

/** Element type of a tensor. All data is little-endian. */
public enum DType {
  /** IEEE 754 binary16: a storage type; arithmetic on it is done in f32 and rounded once. */
  F16(2),
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary64: gradient checks, metrics and the reference. */
  F64(8),
  /** Signed 32-bit integers: indices. */
  I32(4),
  /** Signed 64-bit integers: host data only (labels, recorded draws); no op takes them. */
  I64(8),
  /** Unsigned bytes: pixels, masks (0 or 1) and packed sign maps. */
  U8(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes an element takes. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is one of the floating-point types. */
  public boolean isFloat() {
    return this == F16 || this == F32 || this == F64;
  }

  /** The name used in messages and in listings: {@code f32}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
