package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels for the factors and filters of the networks, which random cases seldom meet. */
class FilterKernelsTest {

  @ParameterizedTest
  @CsvSource({
    // up, down, height, width, paddings, clamp, type
    "2, 2, 36, 36, 9, 8, 9, 8, 0.4, F32",
    "2, 2, 7, 131, 11, 10, 9, 10, Infinity, F32",
    "2, 2, 83, 41, -11, -12, -9, -7, 0.7, F16",
    "4, 2, 20, 65, -6, -9, -2, -5, 0.5, F32",
    "4, 2, 33, 15, -2, -5, -6, -9, Infinity, F16",
    "4, 2, 19, 50, 1, 3, 2, 4, 0.3, F32",
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
      DType type) {
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
                  trial.input(TensorType.f32(6L * up)),
                  trial.input(TensorType.f32(6L * down))));
      OpKernel kernel = FilteredLreluKernel.of((Fused.FilteredLrelu) node.op(), node);
      assertThat(kernel.scratch()).as("a kernel of its own").isEmpty();
      List<Tensor> outputs = map ? node.outputs() : node.outputs().subList(0, 1);
      // The clamp takes most of what is large, but not what it was rounded by.
      trial.check(node, kernel, outputs, type == DType.F32 ? 3e-5 : 1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // up, down, height, width, paddings, size of the map, offsets, type
    "2, 2, 36, 36, 13, 14, 13, 14, 79, 78, -2, -2, F32",
    "2, 2, 9, 131, 11, 10, 13, 14, 20, 250, 3, -5, F16",
    "4, 2, 20, 33, -6, -9, -2, -5, 90, 111, -3, 7, F32",
    "2, 4, 36, 60, 40, 41, 36, 35, 108, 161, 5, -7, F32",
    "2, 4, 50, 11, 36, 37, 40, 38, 150, 90, -6, 2, F16",
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
      DType type) {
    FilteredActivation a =
        new FilteredActivation(up, down, x0, x1, y0, y1, 1.4, 0.2, 0.1, height % 2 == 1);
    KernelTrial trial = new KernelTrial();
    Node node =
        Node.of(
            new Fused.SignedFilter(a, offsetX, offsetY, mapWidth),
            List.of(
                trial.input(TensorType.of(type, 2, 3, height, width)),
                trial.input(KernelTrial.codes(Shape.of(2, 3, mapHeight, (mapWidth + 3) / 4))),
                trial.input(TensorType.f32(6L * up)),
                trial.input(TensorType.f32(6L * down))));
    OpKernel kernel = SignedFilterKernel.of((Fused.SignedFilter) node.op(), node);
    assertThat(kernel.scratch()).as("a kernel of its own").isEmpty();
    trial.check(node, kernel, node.outputs(), type == DType.F32 ? 2e-6 : 1e-3);
  }
}
