package org.aliasfree.backend.cpu.vector;

/**
 * The taps of an axis by term of a sum of separable filters and by phase, as the loops take them.
 */
final class UpfirdnTaps {
  final UpfirdnAxis axis;
  final int terms;
  private final float[][][] weights;

  /** Whether outputs have six taps each, and as many as up, an even number, share their inputs. */
  final boolean six;

  /** Whether outputs have twelve taps each, and the next begins two inputs later. */
  final boolean twelve;

  /**
   * @param factors taps of each term, as correlations
   * @param gain factor of every tap
   */
  UpfirdnTaps(UpfirdnAxis axis, double[][] factors, double gain) {
    this.axis = axis;
    terms = factors.length;
    weights = new float[terms][axis.phases()][];
    for (int r = 0; r < terms; r++) {
      for (int e = 0; e < axis.phases(); e++) {
        weights[r][e] = axis.weights(e, factors[r], gain);
      }
    }
    six = axis.up % 2 == 0 && axis.down == 1 && axis.taps == 6 * axis.up;
    twelve = axis.up == 1 && axis.down == 2 && axis.taps == 12;
  }

  /** The taps of output {@code o}. */
  float[] of(int term, int o) {
    return weights[term][Math.floorMod(o, weights[term].length)];
  }

  /** How many outputs are best made at once. */
  int batch() {
    return six ? 2 * axis.up : twelve ? 4 : axis.phases();
  }

  /** The first output of the batch that output {@code o} is best made in, at most up before it. */
  int batchStart(int o) {
    // Where outputs begin to share their first input.
    return six ? o - Math.floorMod(o - axis.pad - 1, axis.up) : o;
  }

  /** How many inputs, from the first of output {@code o} on, the batch that it begins reads. */
  int batchInputs(int o) {
    int end = axis.first(o);
    for (int e = o; e < o + batch(); e++) {
      end = Math.max(end, axis.first(e) + axis.count(e));
    }
    return end - axis.first(o);
  }
}
