package org.aliasfree.backend.cuda;

import java.util.Set;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Filtered leaky ReLU and its linear part by one kernel, which keeps the signal at the high rate
 * out of memory. There are kernels for the factors and filters of the networks.
 */
final class FilterMarch {
  /** What kernels do at the high rate. */
  private static final String LRELU = "filtered_lrelu";

  private static final String LRELU_AND_MAP = "filtered_lrelu_map";
  private static final String FOLLOW_MAP = "signed_filter";

  /** Ends of the names of kernels: which filter has two axes, factors up and down, row shift. */
  private static final Set<String> FORWARD =
      Set.of("_220", "_421", "_flat_down_220", "_flat_down_421");

  private static final Set<String> BACKWARD =
      Set.of(
          "_220",
          "_421",
          "_241",
          "_flat_down_220",
          "_flat_down_421",
          "_flat_up_220",
          "_flat_up_241");

  /** Columns at the high rate that a block has. */
  private static final int COLUMNS = 128;

  private static final int TAPS = 6; // for each step of a factor

  /** Rows at the high rate that a block makes at a time. */
  private static final int CHUNK = 24;

  /** Of the devices that tiles are chosen for, and how many blocks keep one busy. */
  private static final int MULTIPROCESSORS = 132;

  private static final int BUSY = 6;

  private final FilteredActivation activation;
  private final boolean flatUp;
  private final boolean flatDown;
  private final TensorType x;
  private final Shape out;
  private final int highHeight;
  private final int highWidth;
  private final int extraX;
  private final int extraY;
  private final int tilesX;
  private final int tilesY;
  private final int tileWidth;
  private final int tileHeight;

  private FilterMarch(FilteredActivation a, Node node) {
    activation = a;
    x = node.inputs().getFirst().type();
    out = node.outputs().getFirst().type().shape();
    Shape up = node.inputs().get(2).type().shape();
    flatUp = up.rank() == 2;
    flatDown = node.inputs().get(3).type().shape().rank() == 2;
    highHeight = Math.toIntExact(a.upFilter().outputHeight(x.shape().dim(2), up.dim(0)));
    highWidth = Math.toIntExact(a.upFilter().outputWidth(x.shape().dim(3), up.dim(-1)));
    // Tiles begin where the first of the samples made of the same pixels does.
    extraX = Math.floorMod(-a.padX0() - 1, a.up());
    extraY = Math.floorMod(-a.padY0() - 1, a.up());
    int widest = (COLUMNS + 1 - TAPS * a.down() - extraX) / a.down() & -2;
    tilesX = Math.ceilDiv(out.intDim(3), widest);
    tileWidth = even(Math.ceilDiv(out.intDim(3), tilesX));
    tileHeight = tileHeight(out.intDim(2));
    tilesY = Math.ceilDiv(out.intDim(2), tileHeight);
  }

  /**
   * The height of tiles at which the device is likely done first. Low tiles repeat the rows that
   * their neighbours have as well, high ones leave multiprocessors idle.
   */
  private int tileHeight(int height) {
    int best = Math.max(2, even(height));
    double least = Double.POSITIVE_INFINITY;
    for (int tiles = 1; tiles <= Math.ceilDiv(height, CHUNK); tiles++) {
      int each = even(Math.ceilDiv(height, tiles));
      long blocks = planes() * tilesX * Math.ceilDiv(height, each);
      // One chunk more, for what a block does before the first.
      int chunks = Math.ceilDiv(extraY + (each + TAPS - 1) * activation.down(), CHUNK) + 1;
      long rounds = Math.ceilDiv(blocks, (long) MULTIPROCESSORS);
      double time = rounds * chunks / Math.pow(Math.min(rounds, BUSY) / (double) BUSY, 0.75);
      if (time < least) {
        least = time;
        best = each;
      }
    }
    return best;
  }

  private static int even(int n) {
    return (n + 1) / 2 * 2;
  }

  private long planes() {
    return x.shape().dim(0) * x.shape().dim(1);
  }

  private long blocks() {
    return planes() * tilesX * tilesY;
  }

  /** End of the name of the kernel. */
  private String form() {
    String flat = (flatUp ? "_flat_up" : "") + (flatDown ? "_flat_down" : "");
    return flat + "_" + activation.up() + activation.down() + extraY % activation.down();
  }

  private static boolean fits(FilteredActivation a, Node node) {
    return fits(node.inputs().get(2), a.up()) && fits(node.inputs().get(3), a.down());
  }

  private static boolean fits(Tensor filter, int factor) {
    Shape s = filter.type().shape();
    long taps = (long) TAPS * factor;
    return s.dim(0) == taps && s.dim(-1) == taps;
  }

  private boolean isKernel(Set<String> forms) {
    return forms.contains(form()) && blocks() <= Integer.MAX_VALUE;
  }

  /** The kernel, or null where the filters or factors have none. */
  static @Nullable OpKernel of(Fused.FilteredLrelu op, Node node) {
    if (!fits(op.activation(), node)) {
      return null;
    }
    FilterMarch m = new FilterMarch(op.activation(), node);
    if (!m.isKernel(FORWARD)) {
      return null;
    }
    return (at, launches) -> {
      boolean map = at.wants(1);
      long y = at.wants(0) ? at.out(0) : 0;
      long signs = map ? at.out(1) : 0;
      m.launch(map ? LRELU_AND_MAP : LRELU, at, at.in(1), y, signs, new int[4], launches);
    };
  }

  /** The kernel, or null where the filters or factors have none. */
  static @Nullable OpKernel of(Fused.SignedFilter op, Node node) {
    if (!fits(op.activation(), node)) {
      return null;
    }
    FilterMarch m = new FilterMarch(op.activation(), node);
    if (!m.isKernel(BACKWARD)) {
      return null;
    }
    Shape map = node.inputs().get(1).type().shape();
    int[] place = {map.intDim(2), Math.toIntExact(op.signWidth()), op.offsetX(), op.offsetY()};
    return (at, launches) ->
        m.launch(FOLLOW_MAP, at, /* bias= */ 0, at.out(0), at.in(1), place, launches);
  }

  private int firstPixel(int pad, int extra) {
    return Math.floorDiv(-extra - pad - 1, activation.up()) + 1;
  }

  private void launch(
      String kernel, Operands at, long bias, long y, long signs, int[] map, Launches launches) {
    int up = activation.up();
    Arguments a =
        new Arguments()
            .address(at.in(0))
            .address(bias)
            .address(at.in(2))
            .address(at.in(3))
            .address(y)
            .address(signs)
            .type(x.dtype())
            .int32(activation.flip() ? 1 : 0)
            .int32s(4, tilesX, tilesY, tileWidth, tileHeight)
            .int32s(3, x.shape().dim(1), x.shape().dim(2), x.shape().dim(3))
            .int32s(2, out.dim(2), out.dim(3))
            .int32s(2, highHeight, highWidth)
            .int32s(2, extraX, extraY)
            .int32s(
                2, firstPixel(activation.padX0(), extraX), firstPixel(activation.padY0(), extraY))
            .int32s(4, map[0], map[1], map[2], map[3])
            .float32(activation.gain() * up * up)
            .float32(activation.slope())
            .float32(activation.clamp());
    launches.launch(kernel + form(), blocks(), 1, 1, COLUMNS, 0, a);
  }
}
