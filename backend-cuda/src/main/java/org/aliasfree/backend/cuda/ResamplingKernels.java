package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Ops that resample images by filters or at free positions. */
final class ResamplingKernels {
  private ResamplingKernels() {}

  static OpKernel of(Resampling op, Node node) {
    return switch (op) {
      case Resampling.Upfirdn2d u -> upfirdn(u, node);
      case Resampling.GridSample g ->
          (at, launches) ->
              gridSample("grid_sample", at, launches, new long[] {at.in(0), 0, at.in(1)});
      case Resampling.GridSampleInputGradient g ->
          (at, launches) ->
              gridSample(
                  "grid_sample_input_gradient", at, launches, new long[] {0, at.in(0), at.in(1)});
      case Resampling.GridSampleGridGradient g ->
          (at, launches) ->
              gridSample(
                  "grid_sample_grid_gradient",
                  at,
                  launches,
                  new long[] {at.in(1), at.in(0), at.in(2)});
      case Resampling.Warp w -> WarpKernels.warp(node);
      case Resampling.WarpInputGradient w -> WarpKernels.inputGradient(node);
    };
  }

  private static OpKernel upfirdn(Resampling.Upfirdn2d op, Node node) {
    OpKernel tiled = UpfirdnTile.of(op, node);
    return tiled != null ? tiled : anyUpfirdn(op, node);
  }

  private static OpKernel anyUpfirdn(Resampling.Upfirdn2d op, Node node) {
    TensorType x = node.inputs().get(0).type();
    Shape s = x.shape();
    Fir fir = Fir.of(op.geometry(), s.dim(2), s.dim(3), node.inputs().get(1).shape());
    long planes = s.dim(0) * s.dim(1);
    int most = WithScratch.atOnce(planes, fir.between());
    long pixels = s.dim(2) * s.dim(3);
    int bytes = x.dtype().bytes();
    return new WithScratch(
        fir.separable() ? List.of(most * fir.between() * Float.BYTES) : List.of(),
        (at, launches) -> {
          int step = fir.separable() ? most : Math.toIntExact(planes);
          for (long from = 0; from < planes; from += step) {
            int count = Math.toIntExact(Math.min(step, planes - from));
            Fir.Planes in = new Fir.Planes(at.in(0) + from * pixels * bytes, x.dtype(), count);
            long out = at.out(0) + from * fir.outputs() * bytes;
            long between = fir.separable() ? at.scratch().getFirst() : 0;
            fir.launch(in, at.in(1), between, out, x.dtype(), launches);
          }
        });
  }

  /** Images, values at the points and grid are given where the op has them as inputs. */
  private static void gridSample(String kernel, Operands at, Launches launches, long[] places) {
    Node node = at.node();
    List<Shape> in = node.inputs().stream().map(t -> t.type().shape()).toList();
    TensorType out = node.outputs().getFirst().type();
    Shape image =
        switch (kernel) {
          case "grid_sample" -> in.get(0);
          case "grid_sample_input_gradient" -> out.shape();
          default -> in.get(1);
        };
    Shape grid = in.getLast();
    long points = grid.dim(1) * grid.dim(2);
    Arguments a =
        new Arguments()
            .address(places[0])
            .address(places[1])
            .address(places[2])
            .address(at.out(0))
            .type(out.dtype())
            .int32(image.dim(0))
            .int32(image.dim(1))
            .int32(image.dim(2))
            .int32(image.dim(3))
            .int32(points);
    boolean toImage = kernel.equals("grid_sample_input_gradient");
    long items = toImage ? image.dim(2) * image.dim(3) : points;
    long rows = toImage ? image.dim(0) * image.dim(1) : image.dim(0);
    Fir.overPlanes(kernel, items, rows, a, launches);
  }
}
