package org.aliasfree.network;

import org.aliasfree.AliasFreeException;

/** Channels of StyleGAN2's blocks: base / resolution, and no more than max. */
record BlockChannels(int base, int max) {
  int at(int resolution) {
    return Math.min(base / resolution, max);
  }

  /** Fails where the highest resolution would have none. */
  void require(int imgResolution) {
    if (at(imgResolution) < 1) {
      throw new AliasFreeException(
          "At resolution "
              + imgResolution
              + " the network would have no channels: channel_base is "
              + base
              + ", but must be "
              + imgResolution
              + " or more.");
    }
  }

  /** The highest resolutions, down to 8, run in f16. */
  static boolean useFp16(int resolution, int imgResolution, int numFp16Res) {
    return resolution >= Math.max(Math.scalb(2.0 * imgResolution, -numFp16Res), 8);
  }
}
