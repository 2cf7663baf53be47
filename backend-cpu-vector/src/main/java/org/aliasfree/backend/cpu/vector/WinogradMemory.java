package org.aliasfree.backend.cpu.vector;

/** Where a block of {@link WinogradWork} keeps what is between its stages. */
final class WinogradMemory {
  /** The transformed input, from {@link #vAt} on. */
  final float[] v;

  final int vAt;

  /** The products, from {@link #mAt} on. */
  final float[] m;

  final int mAt;

  WinogradMemory(float[] v, int vAt, float[] m, int mAt) {
    this.v = v;
    this.vAt = vAt;
    this.m = m;
    this.mAt = mAt;
  }
}
