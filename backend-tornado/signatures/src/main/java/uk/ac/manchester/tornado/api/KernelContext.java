package uk.ac.manchester.tornado.api;

/** Where a thread of a kernel is. */
public class KernelContext {
  /** Index of the thread. */
  public final Integer globalIdx = 0;

  /** Second index of the thread. */
  public final Integer globalIdy = 0;

  /** Index of its work-group. */
  public final Integer groupIdx = 0;

  /** Second index of its work-group. */
  public final Integer groupIdy = 0;

  /** Third index of its work-group. */
  public final Integer groupIdz = 0;

  /** Index in its work-group. */
  public final Integer localIdx = 0;

  /** Second index in its work-group. */
  public final Integer localIdy = 0;

  /** Threads of a work-group. */
  public final Integer localGroupSizeX = 0;

  /** The context of a kernel. */
  public KernelContext() {}

  /** Waits for the threads of the work-group. */
  public void localBarrier() {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Memory that the work-group shares; the size is constant. */
  public float[] allocateFloatLocalArray(int size) {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Memory for whole numbers that the work-group shares; the size is constant. */
  public int[] allocateIntLocalArray(int size) {
    throw new UnsupportedOperationException("signatures only");
  }
}
