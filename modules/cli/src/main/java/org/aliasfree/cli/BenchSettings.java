package org.aliasfree.cli;

/**
 * How it is measured.
 *
 * @param batch images computed together
 * @param runs batches that are timed
 * @param warmup batches before them that are not
 * @param threads CPU threads
 * @param seed of the first image of a batch; the others have the seeds after it
 */
record BenchSettings(int batch, int runs, int warmup, int threads, long seed) {
  /** The seeds of a batch; after the last one comes the first. */
  long[] seeds() {
    long[] seeds = new long[batch];
    for (int i = 0; i < batch; i++) {
      seeds[i] = (seed + i) & 0xFFFF_FFFFL;
    }
    return seeds;
  }
}
