package org.aliasfree.conformance;

import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.GeneratorNetwork;

/** The networks of the golden data. */
final class TestNetworks {
  private TestNetworks() {}

  /** G_ema of a golden pickle, by its file name without the ending. */
  static GeneratorNetwork load(String name) {
    return GeneratorFiles.load(
        Goldens.folder().resolve("pickles").resolve(name + ".pkl"), GeneratorFiles.AVERAGE);
  }
}
