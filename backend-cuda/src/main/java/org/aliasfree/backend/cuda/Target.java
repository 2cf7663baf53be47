package org.aliasfree.backend.cuda;

/**
 * What kernels are chosen for.
 *
 * @param hopper where those of kernels_sm90a.cu are used
 * @param multiprocessors of the device
 */
record Target(Hopper hopper, int multiprocessors) {
  /** Any device. */
  static final Target GENERAL = new Target(Hopper.NOWHERE, 132);

  /** Where kernels for compute capability 9.0 alone are used. */
  enum Hopper {
    /** They are not loaded. */
    NOWHERE,
    /** Where they are estimated to be faster. */
    WHERE_FASTER,
    /** Where they can be, for tests. */
    WHEREVER_POSSIBLE
  }
}
