package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels for the factors and filters of the networks, which random cases seldom meet. */
class FilterKernelsTest {

  /** A filter along the axes, or of two axes; symmetric, as those of the networks are, or not. */
  private static Tensor filter(KernelTrial trial, int factor, String kind) {
    TensorType type =
        kind.equals("axes")
            ? TensorType.f32(6L * factor)
            : TensorType.f32(6L * factor, 6L * factor);
    if (!kind.equals("radial")) {
      return trial.input(type);
    }
    HostTensor taps = HostTensor.allocate(type);
    int n = 6 * factor;
    for (int i = 0; i < n * n; i++) {
      int row = i / n;
      double distance = Math.hypot(row - (n - 1) / 2.0, i % n - (n - 1) / 2.0);
      taps.set(i, Math.cos(distance) / (1 + distance));
    }
    return trial.input(taps);
  }

  @ParameterizedTest
  @CsvSource({
    // up, down, height, width, paddings, clamp, type, down filter
    "2, 2, 36, 36, 9, 8, 9, 8, 0.4, F32, axes",
    "2, 2, 7, 131, 11, 10, 9, 10, Infinity, F32, axes",
    "2, 2, 83, 41, -11, -12, -9, -7, 0.7, F16, axes",
    "4, 2, 20, 65, -6, -9, -2, -5, 0.5, F32, axes",
    "4, 2, 33, 15, -2, -5, -6, -9, Infinity, F16, axes",
    "4, 2, 19, 50, 1, 3, 2, 4, 0.3, F32, axes",
    "2, 2, 36, 52, 9, 8, 11, 10, 0.4, F32, radial",
    "2, 2, 27, 131, 11, 10, 9, 10, 1.4, F16, radial",
    "2, 2, 20, 30, 11, 10, 9, 10, 0.4, F32, flat",
    "4, 2, 20, 65, -6, -9, -2, -5, 0.5, F32, radial",
    "4, 2, 30, 33, -2, -5, -6, -9, 0.5, F16, flat",
  })
  void activatesBetweenFilters(
      int up,
      int down,
      long height,
      long width,
      int x0,
      int x1,
      int y0,
      int y1,
      double clamp,
      DType type,
      String filter) {
    FilteredActivation a =
        new FilteredActivation(up, down, x0, x1, y0, y1, 1.4, 0.2, clamp, height % 2 == 0);
    for (boolean map : new boolean[] {true, false}) {
      KernelTrial trial = new KernelTrial();
      Node node =
          Node.of(
              new Fused.FilteredLrelu(a),
              List.of(
                  trial.input(TensorType.of(type, 2, 3, height, width)),
                  trial.input(TensorType.of(type, 3)),
                  filter(trial, up, "axes"),
                  filter(trial, down, filter)));
      OpKernel kernel = FilteredLreluKernel.of((Fused.FilteredLrelu) node.op(), node);
      assertThat(kernel.scratch()).as("a kernel of its own").isEmpty();
      List<Tensor> outputs = map ? node.outputs() : node.outputs().subList(0, 1);
      // The clamp takes most of what is large, but not what it was rounded by.
      trial.check(node, kernel, outputs, type == DType.F32 ? 3e-5 : 1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // up, down, height, width, paddings, size of the map, offsets, type, filters
    "2, 2, 36, 36, 13, 14, 13, 14, 79, 78, -2, -2, F32, axes, axes",
    "2, 2, 9, 131, 11, 10, 13, 14, 20, 250, 3, -5, F16, axes, axes",
    "4, 2, 20, 33, -6, -9, -2, -5, 90, 111, -3, 7, F32, axes, axes",
    "2, 4, 36, 60, 40, 41, 36, 35, 108, 161, 5, -7, F32, axes, axes",
    "2, 4, 50, 11, 36, 37, 40, 38, 150, 90, -6, 2, F16, axes, axes",
    "2, 2, 36, 36, 13, 14, 13, 14, 79, 78, -2, -2, F32, radial, axes",
    "2, 2, 29, 61, 13, 14, 11, 14, 79, 128, 3, -2, F16, flat, axes",
    "2, 2, 36, 36, 9, 8, 9, 8, 79, 78, -2, -2, F32, axes, radial",
    "4, 2, 20, 33, -6, -9, -2, -5, 90, 111, -3, 7, F16, axes, radial",
    "2, 4, 36, 60, 40, 41, 36, 35, 108, 161, 5, -7, F32, radial, axes",
    "2, 4, 36, 20, 40, 41, 36, 35, 108, 61, 5, -7, F32, flat, axes",
  })
  void followsSigns(
      int up,
      int down,
      long height,
      long width,
      int x0,
      int x1,
      int y0,
      int y1,
      long mapHeight,
      long mapWidth,
      int offsetX,
      int offsetY,
      DType type,
      String upFilter,
      String downFilter) {
    FilteredActivation a =
        new FilteredActivation(up, down, x0, x1, y0, y1, 1.4, 0.2, 0.1, height % 2 == 1);
    KernelTrial trial = new KernelTrial();
    Node node =
        Node.of(
            new Fused.SignedFilter(a, offsetX, offsetY, mapWidth),
            List.of(
                trial.input(TensorType.of(type, 2, 3, height, width)),
                trial.input(KernelTrial.codes(Shape.of(2, 3, mapHeight, (mapWidth + 3) / 4))),
                filter(trial, up, upFilter),
                filter(trial, down, downFilter)));
    OpKernel kernel = SignedFilterKernel.of((Fused.SignedFilter) node.op(), node);
    assertThat(kernel.scratch()).as("a kernel of its own").isEmpty();
    trial.check(node, kernel, node.outputs(), type == DType.F32 ? 2e-6 : 1e-3);
  }

  @ParameterizedTest
  @CsvSource({
    // up, down, height, width, paddings, gain, type
    "1, 1, 40, 70, 2, 1, 2, 1, 1, F32",
    "1, 1, 65, 64, 1, 2, 1, 2, -0.5, F16",
    "1, 2, 66, 134, 1, 1, 1, 1, 1, F32",
    "1, 2, 33, 99, -3, 2, 4, -1, 1, F16",
    "2, 1, 33, 34, 2, 1, 2, 1, 4, F32",
    "2, 1, 17, 70, 1, 4, -2, 3, 4, F16",
    "2, 1, 20, 17, 3, 0, 1, 2, 4, F32",
  })
  void resamplesInTiles(
      int up,
      int down,
      long height,
      long width,
      int x0,
      int x1,
      int y0,
      int y1,
      double gain,
      DType type) {
    FirGeometry g = new FirGeometry(up, up, down, down, x0, x1, y0, y1, height % 2 == 0, gain);
    KernelTrial trial = new KernelTrial();
    Node node =
        Node.of(
            new Resampling.Upfirdn2d(g),
            List.of(
                trial.input(TensorType.of(type, 2, 2, height, width)),
                trial.input(TensorType.f32(4, 4))));
    OpKernel kernel = own(UpfirdnTile.of((Resampling.Upfirdn2d) node.op(), node));
    trial.check(node, kernel, node.outputs(), type == DType.F32 ? 2e-6 : 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"5, 7, F32", "16, 16, F16"})
  void pixelsWithoutFilters(long height, long width, DType type) {
    FilteredActivation a = new FilteredActivation(1, 1, 0, 0, 0, 0, 1.4, 0.2, 0.9, false);
    KernelTrial trial = new KernelTrial();
    Tensor x = trial.input(TensorType.of(type, 2, 3, height, width));
    Tensor up = trial.input(TensorType.f32(1));
    Tensor down = trial.input(TensorType.f32(1, 1));
    Tensor bias = trial.input(TensorType.of(type, 3));
    Node node = Node.of(new Fused.FilteredLrelu(a), List.of(x, bias, up, down));
    OpKernel kernel = own(FilterPixels.of((Fused.FilteredLrelu) node.op(), node));
    trial.check(node, kernel, node.outputs(), type == DType.F32 ? 2e-6 : 1e-3);
    Tensor signs = trial.input(KernelTrial.codes(Shape.of(2, 3, height + 1, (width + 6) / 4)));
    Node signed = Node.of(new Fused.SignedFilter(a, 2, -1, width + 3), List.of(x, signs, up, down));
    OpKernel follows = own(FilterPixels.of((Fused.SignedFilter) signed.op(), signed));
    trial.check(signed, follows, signed.outputs(), type == DType.F32 ? 2e-6 : 1e-3);
  }

  /** A kernel that there must be, so that no general one is tested in its place. */
  private static OpKernel own(@Nullable OpKernel kernel) {
    return Objects.requireNonNull(kernel, "a kernel of its own");
  }
}
