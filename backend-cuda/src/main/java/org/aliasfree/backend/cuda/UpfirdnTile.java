package org.aliasfree.backend.cuda;

import java.util.Set;
import org.aliasfree.graph.Node;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** upfirdn2d in tiles, for filters of 4 × 4 taps and factors up to 2. */
final class UpfirdnTile {
  private static final long TAPS = 4;

  /** Factors up and down that there are kernels for. */
  private static final Set<String> FORMS = Set.of("11", "12", "21");

  /** Outputs of a tile at factor 1. */
  private static final int WIDTH = 64;

  private static final int HEIGHT = 32;

  /** An image narrower than this leaves most of a tile empty. */
  private static final int NARROW = 24;

  private UpfirdnTile() {}

  /** The kernel, or null where the filter or factors have none. */
  static @Nullable OpKernel of(Resampling.Upfirdn2d op, Node node) {
    FirGeometry g = op.geometry();
    Shape filter = node.inputs().get(1).type().shape();
    TensorType x = node.inputs().getFirst().type();
    Shape y = node.outputs().getFirst().type().shape();
    boolean square = g.upX() == g.upY() && g.downX() == g.downY();
    String form = "" + g.upX() + g.downX();
    if (!square || !FORMS.contains(form) || !filter.equals(Shape.of(TAPS, TAPS))) {
      return null;
    }
    int up = g.upX();
    int extraX = Math.floorMod(-g.padX0() - 1, up);
    int extraY = Math.floorMod(-g.padY0() - 1, up);
    long tilesX = Math.ceilDiv(y.dim(3) + extraX, WIDTH / g.downX());
    long tilesY = Math.ceilDiv(y.dim(2) + extraY, HEIGHT);
    long blocks = x.shape().dim(0) * x.shape().dim(1) * tilesX * tilesY;
    if (y.dim(3) < NARROW || blocks > Integer.MAX_VALUE) {
      return null;
    }
    return (at, launches) -> {
      Arguments a =
          new Arguments()
              .address(at.in(0))
              .address(at.out(0))
              .address(at.in(1))
              .type(x.dtype())
              .int32(g.flip() ? 1 : 0)
              .int32s(2, tilesX, tilesY)
              .int32s(4, x.shape().dim(2), x.shape().dim(3), y.dim(2), y.dim(3))
              .int32s(2, extraX, extraY)
              .int32(Math.floorDiv(-extraX - g.padX0() - 1, up) + 1)
              .int32(Math.floorDiv(-extraY - g.padY0() - 1, up) + 1)
              .float32(g.gain());
      launches.launch("upfirdn_tile_" + form, blocks, 1, 1, 256, 0, a);
    };
  }
}
