package org.aliasfree.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * Up-sampling by a separable filter along both axes, without inserted zeros: each of the u² phases
 * of the result is a convolution of the image with every u-th tap, along x and then along y.
 * DepthToSpace interleaves the phases. With transposed convolutions instead a whole image takes
 * ONNX Runtime a quarter longer.
 */
final class PolyphaseNodes {
  /**
   * Every u-th tap, and where it begins.
   *
   * @param taps for a correlation
   * @param before zeros before the image; negative: elements left out
   * @param after the same at the end
   */
  private record Phase(List<Float> taps, long before, long after) {}

  private final OnnxModel model;
  private final FilterKernels kernels;
  private final int up;

  PolyphaseNodes(OnnxModel model, FilterKernels kernels, int up) {
    this.model = model;
    this.kernels = kernels;
    this.up = up;
  }

  /** Elements of an axis of the result. */
  private long length(long size, int taps, long before, long after) {
    return size * up + before + after - taps + 1;
  }

  /**
   * The phases of an axis. Element u·q + p of the result is Σ f[k] · x[(u·q + p + k − before) / u]
   * over the taps k for which this is a whole number: k = r + u·m.
   */
  private List<Phase> phases(List<Float> taps, long size, long before, long after) {
    long count = Math.ceilDiv(length(size, taps.size(), before, after), up);
    List<Phase> phases = new ArrayList<>();
    for (int p = 0; p < up; p++) {
      int r = Math.floorMod(before - p, up);
      List<Float> own = new ArrayList<>();
      for (int k = r; k < taps.size(); k += up) {
        own.add(taps.get(k));
      }
      long start = (p + r - before) / up;
      phases.add(new Phase(own, -start, start + count + own.size() - 1 - size));
    }
    return phases;
  }

  /**
   * Adds the nodes.
   *
   * @param taps in the order of a correlation, at least u of them
   * @param gain factor of the result
   * @param sides padding of the up-sampled image
   */
  String add(
      String x,
      long channels,
      long height,
      long width,
      List<Float> taps,
      double gain,
      Sides sides) {
    List<Float> scaled = taps.stream().map(t -> (float) (t * gain)).toList();
    List<Phase> alongX = phases(scaled, width, sides.left(), sides.right());
    List<Phase> alongY = phases(taps, height, sides.top(), sides.bottom());
    List<String> columns = new ArrayList<>();
    for (Phase phase : alongX) {
      Sides pads = new Sides(0, phase.before(), 0, phase.after());
      columns.add(convolved(x, channels, phase.taps(), 1, phase.taps().size(), pads));
    }
    List<String> all = new ArrayList<>();
    for (Phase phase : alongY) {
      Sides pads = new Sides(phase.before(), 0, phase.after(), 0);
      for (String column : columns) {
        all.add(convolved(column, channels, phase.taps(), phase.taps().size(), 1, pads));
      }
    }
    String y =
        model.node(
            "DepthToSpace",
            List.of(model.node("Concat", all, Attribute.of("axis", 1L))),
            Attribute.of("blocksize", (long) up),
            Attribute.of("mode", "DCR"));
    long tooHigh = Math.floorMod(-length(height, taps.size(), sides.top(), sides.bottom()), up);
    long tooWide = Math.floorMod(-length(width, taps.size(), sides.left(), sides.right()), up);
    return model.padded(y, new Sides(0, 0, -tooHigh, -tooWide));
  }

  private String convolved(
      String x, long channels, List<Float> taps, int height, int width, Sides sides) {
    return kernels.convolved(
        model.padded(x, sides.negative()), channels, taps, height, width, 1, 1, sides.positive());
  }
}
