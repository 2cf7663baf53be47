package uk.ac.manchester.tornado.api.math;

/** Functions of f32, with the bodies that they have on the JVM. */
public class TornadoMath {
  private TornadoMath() {}

  /** e^x. */
  public static float exp(float x) {
    return (float) Math.exp(x);
  }

  /** The natural logarithm. */
  public static float log(float x) {
    return (float) Math.log(x);
  }

  /** The sine. */
  public static float sin(float x) {
    return (float) Math.sin(x);
  }

  /** The cosine. */
  public static float cos(float x) {
    return (float) Math.cos(x);
  }

  /** The hyperbolic tangent. */
  public static float tanh(float x) {
    return (float) Math.tanh(x);
  }

  /** The square root. */
  public static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }
}
