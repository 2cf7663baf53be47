package org.aliasfree.backend.cuda;

import org.aliasfree.op.FirGeometry;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * A filter of planes by the kernel {@code upfirdn}: both axes at once, or, separable, x before y
 * with f32 between.
 */
record Fir(FirAxis x, FirAxis y, boolean separable, boolean flip, double gain) {
  /** What a launch can have along y. */
  static final int MOST_ROWS = 65535;

  /**
   * Images that lie one after the other.
   *
   * @param address of the first plane
   * @param bias address of numbers that are added to planes, one for each of {@code channels}; 0
   *     for none
   * @param first number of the first plane, which says what channel it is
   */
  record Planes(long address, DType dtype, int count, long bias, int channels, int first) {
    Planes(long address, DType dtype, int count) {
      this(address, dtype, count, 0, 1, 0);
    }
  }

  /** The filter for planes of a size. */
  static Fir of(FirGeometry g, long height, long width, Shape filter) {
    int tapsX = filter.intDim(-1);
    int tapsY = filter.intDim(0);
    return new Fir(
        new FirAxis(
            g.upX(),
            g.downX(),
            g.padX0(),
            tapsX,
            Math.toIntExact(width),
            Math.toIntExact(g.outputWidth(width, tapsX))),
        new FirAxis(
            g.upY(),
            g.downY(),
            g.padY0(),
            tapsY,
            Math.toIntExact(height),
            Math.toIntExact(g.outputHeight(height, tapsY))),
        filter.rank() == 1,
        g.flip(),
        g.gain());
  }

  /** Elements of a plane of the result. */
  long outputs() {
    return (long) x.outputs() * y.outputs();
  }

  /** Floats between the two passes, for a plane. */
  long between() {
    return separable ? (long) y.size() * x.outputs() : 0;
  }

  /** Adds the launches; {@code between} is the address of scratch for all planes. */
  void launch(Planes from, long filter, long between, long to, DType type, Launches launches) {
    if (separable) {
      FirAxis rows = FirAxis.none(y.size());
      pass(from, x, rows, filter, 1, new Planes(between, DType.F32, from.count), launches);
      FirAxis columns = FirAxis.none(x.outputs());
      Planes middle = new Planes(between, DType.F32, from.count);
      pass(middle, columns, y, filter, gain, new Planes(to, type, from.count), launches);
    } else {
      pass(from, x, y, filter, gain, new Planes(to, type, from.count), launches);
    }
  }

  private void pass(
      Planes from,
      FirAxis alongX,
      FirAxis alongY,
      long filter,
      double factor,
      Planes to,
      Launches launches) {
    Arguments a =
        new Arguments()
            .address(from.address)
            .address(to.address)
            .address(filter)
            .address(from.bias);
    alongX.putInto(a);
    alongY.putInto(a);
    a.int32(from.count).int32(from.first).int32(from.channels);
    a.type(from.dtype).type(to.dtype).int32(flip ? 1 : 0).float32(factor);
    overPlanes("upfirdn", (long) alongX.outputs() * alongY.outputs(), from.count, a, launches);
  }

  /** A thread for each of {@code items} of a plane, in rows of blocks that share the planes. */
  static void overPlanes(String kernel, long items, long planes, Arguments a, Launches launches) {
    launches.launch(kernel, Math.ceilDiv(items, 256L), Math.min(planes, MOST_ROWS), 1, 256, 0, a);
  }
}
