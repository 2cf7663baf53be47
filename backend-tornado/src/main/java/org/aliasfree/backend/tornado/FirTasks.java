package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.FirLoops;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.tensor.Shape;

/** The passes of a resampling filter over some planes. */
final class FirTasks {
  private static final int LANES = 8;

  /** The passes read and write planes of this many rows of that many elements. */
  record Planes(Place at, int count, int rows, int stride) {
    int offset() {
      return at.offset();
    }

    float[] array() {
      return at.floats();
    }
  }

  private final FirAxis x;
  private final FirAxis y;
  private final boolean separable;
  private final boolean flip;
  private final float gain;

  FirTasks(FirGeometry g, Shape image, Shape filter) {
    this(g, image.intDim(2), image.intDim(3), filter);
  }

  FirTasks(FirGeometry g, int height, int width, Shape filter) {
    x = FirAxis.x(g, width, filter);
    y = FirAxis.y(g, height, filter);
    separable = filter.rank() == 1;
    flip = g.flip();
    gain = (float) g.gain();
  }

  /** A separable filter. */
  FirTasks(FirAxis x, FirAxis y, boolean flip, float gain) {
    this.x = x;
    this.y = y;
    separable = true;
    this.flip = flip;
    this.gain = gain;
  }

  FirAxis x() {
    return x;
  }

  FirAxis y() {
    return y;
  }

  boolean separable() {
    return separable;
  }

  float gain() {
    return gain;
  }

  /** Elements of a plane of rows with zeros around them. */
  long padded() {
    return (long) y.size() * x.span();
  }

  /** Elements of a plane of rows that were filtered along x. */
  long between() {
    return (long) y.size() * x.stride();
  }

  /** Pads the rows of planes that lie close, to {@link #padded} each. */
  Planes pad(Place from, int[] bias, float[] biases, int planes, Place to, Tasks tasks) {
    int[] p = {
      planes * y.size(),
      from.offset(),
      x.size(),
      to.offset(),
      x.span(),
      x.before(),
      y.size(),
      bias[0],
      bias[1],
      bias[2],
      bias[3]
    };
    tasks.task(FirLoops::rows, p, from.floats(), biases, to.floats(), Spread.over(p[0]));
    return new Planes(to, planes, y.size(), x.span());
  }

  /** Pads rows, with nothing added. */
  Planes pad(Place from, int planes, Place to, Tasks tasks) {
    return pad(from, new int[] {1, 0, 0, 0}, from.floats(), planes, to, tasks);
  }

  /**
   * Along x.
   *
   * @param shift zeros before the rows
   * @param factor of the results
   */
  void alongX(Planes in, int shift, Place filter, float factor, Planes out, Tasks tasks) {
    int[] p = parametersX(in, shift, filter, out, in.count * in.rows, 0);
    float[] q = {factor};
    float[] f = filter.floats();
    int n = Spread.evenly(p[0]);
    if (x.step() == 1) {
      tasks.task(FirLoops::alongX, p, q, f, in.array(), out.array(), n);
    } else {
      tasks.task(FirLoops::stridedX, p, q, f, in.array(), out.array(), n);
    }
  }

  private int[] parametersX(Planes in, int shift, Place filter, Planes out, int rows, int more) {
    int[] p = {
      Math.toIntExact((long) rows * x.phases() * x.blocks()),
      x.blocks(),
      x.phases(),
      x.step(),
      x.up(),
      x.down(),
      x.base(shift),
      x.taps(),
      flip ? 1 : 0,
      filter.offset(),
      in.offset(),
      in.stride,
      out.offset(),
      out.stride,
      x.outputs()
    };
    return java.util.Arrays.copyOf(p, p.length + more);
  }

  /** Along both axes at once. */
  void alongBoth(Planes in, int shift, Place filter, Planes out, Tasks tasks) {
    int[] p = parametersX(in, shift, filter, out, in.count * y.outputs(), 7);
    int shiftY = Math.max(0, y.before());
    p[15] = y.outputs();
    p[16] = in.rows;
    p[17] = y.up();
    p[18] = y.down();
    p[19] = y.base(shiftY);
    p[20] = shiftY;
    p[21] = y.taps();
    float[] q = {gain};
    float[] f = filter.floats();
    tasks.task(FirLoops::alongBoth, p, q, f, in.array(), out.array(), Spread.evenly(p[0]));
  }

  /** Along y. */
  void alongY(Planes in, int columns, Place filter, float factor, Planes out, Tasks tasks) {
    int[] p = parametersY(in, columns, filter, out, 0);
    float[] q = {factor};
    float[] f = filter.floats();
    tasks.task(FirLoops::alongY, p, q, f, in.array(), out.array(), Spread.evenly(p[0]));
  }

  /** Parameters of a pass along y, with room for {@code more}. */
  int[] parametersY(Planes in, int columns, Place filter, Planes out, int more) {
    int shift = Math.max(0, y.before());
    int blocks = Math.ceilDiv(columns, LANES);
    int[] p = {
      Math.toIntExact((long) in.count * y.outputs() * blocks),
      blocks,
      y.outputs(),
      in.rows,
      y.up(),
      y.down(),
      y.base(shift),
      shift,
      y.taps(),
      flip ? 1 : 0,
      filter.offset(),
      in.offset(),
      in.stride,
      out.offset(),
      out.stride,
      columns
    };
    return java.util.Arrays.copyOf(p, p.length + more);
  }

  /** All passes, from rows with zeros around them to planes that lie close. */
  void all(Planes padded, Place filter, Place between, Place to, Tasks tasks) {
    Planes out = new Planes(to, padded.count, y.outputs(), x.outputs());
    if (separable) {
      Planes middle = new Planes(between, padded.count, y.size(), x.stride());
      alongX(padded, x.before(), filter, 1, middle, tasks);
      alongY(middle, x.outputs(), filter, gain, out, tasks);
    } else {
      alongBoth(padded, x.before(), filter, out, tasks);
    }
  }
}
