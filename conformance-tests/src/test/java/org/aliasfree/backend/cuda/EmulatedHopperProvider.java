package org.aliasfree.backend.cuda;

/**
 * The backend cuda without a GPU, with the kernels of compute capability 9.0 wherever they can be.
 */
public final class EmulatedHopperProvider extends EmulatedProvider {
  /** Made by the service loader. */
  public EmulatedHopperProvider() {
    super("cuda-emulated-90", 90);
  }
}
