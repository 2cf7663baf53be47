package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.Shape;

/**
 * Kernels of the filtering ops. Filters are analysed once, where they do not change from run to
 * run.
 */
final class FilterKernels {
  private FilterKernels() {}

  static Kernel<Scratch> upfirdn2d(Resampling.Upfirdn2d op, Node node) {
    FirGeometry g = op.geometry();
    Shape in = node.inputs().getFirst().shape();
    return new Filtering(List.of(packing(node, 1))) {
      @Override
      Work work(Call<Scratch> call) {
        Upfirdn2d filter =
            new Upfirdn2d(
                in.intDim(2),
                in.intDim(3),
                filter(call, 0),
                new int[] {g.upX(), g.upY()},
                new int[] {g.downX(), g.downY()},
                new int[] {g.padX0(), g.padX1(), g.padY0(), g.padY1()},
                g.flip(),
                g.gain());
        return filter.bind(in.dim(0) * in.dim(1), call.in(0), call.out(0));
      }
    };
  }

  static Kernel<Scratch> filteredLrelu(Fused.FilteredLrelu op, Node node) {
    Shape in = node.inputs().getFirst().shape();
    long bytes = node.outputs().getFirst().type().bytes();
    return new Filtering(List.of(packing(node, 2), packing(node, 3))) {
      @Override
      Work work(Call<Scratch> call) {
        // A gradient without its function wants the signs alone: the rest is computed for nobody.
        MemorySegment y = call.wants(0) ? call.out(0) : Arena.ofAuto().allocate(bytes, 64);
        MemorySegment signs = call.wants(1) ? call.out(1) : null;
        return kernel(this, call, op.activation(), op.activation().clamp(), in)
            .forward(in.dim(0), in.intDim(1), call.in(0), null, call.in(1), y, signs);
      }
    };
  }

  static Kernel<Scratch> signedFilter(Fused.SignedFilter op, Node node) {
    Shape in = node.inputs().getFirst().shape();
    int mapHeight = node.inputs().get(1).shape().intDim(2);
    FilteredActivation a = op.activation();
    return new Filtering(List.of(packing(node, 2), packing(node, 3))) {
      @Override
      Work work(Call<Scratch> call) {
        FilteredLreluSigns signs =
            FilteredLreluSigns.reading(
                call.in(1),
                mapHeight,
                Math.toIntExact(op.signWidth()),
                a.slope(),
                op.offsetX(),
                op.offsetY());
        return kernel(this, call, a, Double.POSITIVE_INFINITY, in)
            .linear(in.dim(0) * in.dim(1), call.in(0), call.out(0), signs);
      }
    };
  }

  private static FilteredLrelu kernel(
      Filtering filtering,
      Kernel.Call<Scratch> call,
      FilteredActivation a,
      double clamp,
      Shape in) {
    return new FilteredLrelu(
        in.intDim(2),
        in.intDim(3),
        filtering.filter(call, 0),
        filtering.filter(call, 1),
        a.up(),
        a.down(),
        new int[] {a.padX0(), a.padX1(), a.padY0(), a.padY1()},
        a.flip(),
        a.gain(),
        a.slope(),
        clamp);
  }

  /** Analyses a filter: whether it is none, separable, symmetric. */
  private static Kernel.Packing<Scratch> packing(Node node, int input) {
    Tensor filter = node.inputs().get(input);
    Shape shape = filter.shape();
    return new Kernel.Packing<>(
        input,
        "fir filter " + shape,
        (data, threads) -> {
          float[] taps = data.toArray(ValueLayout.JAVA_FLOAT);
          UpfirdnFilter f =
              shape.rank() == 1
                  ? UpfirdnFilter.separable(taps)
                  : UpfirdnFilter.matrix(taps, shape.intDim(0), shape.intDim(1));
          return new Kernel.Packed(f, filter.type().bytes());
        });
  }

  /** A kernel with filters among its inputs. */
  private abstract static class Filtering implements Kernel<Scratch> {
    private final List<Packing<Scratch>> packings;

    Filtering(List<Packing<Scratch>> packings) {
      this.packings = packings;
    }

    @Override
    public List<Packing<Scratch>> packings() {
      return packings;
    }

    UpfirdnFilter filter(Call<Scratch> call, int i) {
      return (UpfirdnFilter) call.packed(i);
    }

    abstract Work work(Call<Scratch> call);

    @Override
    public void run(Call<Scratch> call) {
      VectorKernels.run(call, work(call));
    }
  }
}
