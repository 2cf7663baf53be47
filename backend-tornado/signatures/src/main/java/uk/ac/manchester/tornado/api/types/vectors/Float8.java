package uk.ac.manchester.tornado.api.types.vectors;

/** Eight numbers of f32, with the bodies that they have on the JVM. */
public final class Float8 {
  private final float[] lanes;

  /** Of eight numbers. */
  public Float8(float s0, float s1, float s2, float s3, float s4, float s5, float s6, float s7) {
    lanes = new float[] {s0, s1, s2, s3, s4, s5, s6, s7};
  }

  /** a + b. */
  public static Float8 add(Float8 a, Float8 b) {
    return new Float8(
        a.lanes[0] + b.lanes[0],
        a.lanes[1] + b.lanes[1],
        a.lanes[2] + b.lanes[2],
        a.lanes[3] + b.lanes[3],
        a.lanes[4] + b.lanes[4],
        a.lanes[5] + b.lanes[5],
        a.lanes[6] + b.lanes[6],
        a.lanes[7] + b.lanes[7]);
  }

  /** value · a. */
  public static Float8 mult(Float8 a, float value) {
    return new Float8(
        a.lanes[0] * value,
        a.lanes[1] * value,
        a.lanes[2] * value,
        a.lanes[3] * value,
        a.lanes[4] * value,
        a.lanes[5] * value,
        a.lanes[6] * value,
        a.lanes[7] * value);
  }

  /** a · b. */
  public static Float8 mult(Float8 a, Float8 b) {
    return new Float8(
        a.lanes[0] * b.lanes[0],
        a.lanes[1] * b.lanes[1],
        a.lanes[2] * b.lanes[2],
        a.lanes[3] * b.lanes[3],
        a.lanes[4] * b.lanes[4],
        a.lanes[5] * b.lanes[5],
        a.lanes[6] * b.lanes[6],
        a.lanes[7] * b.lanes[7]);
  }

  /** Number 0. */
  public float getS0() {
    return lanes[0];
  }

  /** Number 1. */
  public float getS1() {
    return lanes[1];
  }

  /** Number 2. */
  public float getS2() {
    return lanes[2];
  }

  /** Number 3. */
  public float getS3() {
    return lanes[3];
  }

  /** Number 4. */
  public float getS4() {
    return lanes[4];
  }

  /** Number 5. */
  public float getS5() {
    return lanes[5];
  }

  /** Number 6. */
  public float getS6() {
    return lanes[6];
  }

  /** Number 7. */
  public float getS7() {
    return lanes[7];
  }
}
