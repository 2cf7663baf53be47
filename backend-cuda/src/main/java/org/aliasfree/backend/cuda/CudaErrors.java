package org.aliasfree.backend.cuda;

/** What the driver's error codes mean for a user. Knows numbers only, no class of JCuda. */
final class CudaErrors {
  static final int OUT_OF_MEMORY = 2;
  static final int NO_DEVICE = 100;

  private CudaErrors() {}

  /** Whether the device answers every further call of this process with the same error. */
  static boolean isSticky(int code) {
    return switch (code) {
      case 4, 46, 201, 214, 220, 226, 700, 702, 709 -> true;
      case 710, 714, 715, 716, 717, 718, 719, 721, 999 -> true;
      default -> false;
    };
  }

  /** Whether a kernel was running when it happened. */
  static boolean isOfKernel(int code) {
    return switch (code) {
      case 700, 702, 710, 714, 715, 716, 717, 718, 719, 721 -> true;
      default -> false;
    };
  }

  /** A sentence, or two, that say what to do. */
  static String remedy(int code) {
    return switch (code) {
      case OUT_OF_MEMORY ->
          "Use a smaller batch or resolution, or end other programs that use the device.";
      case 4 -> "The program is ending; close the backend before.";
      case 34 ->
          "The libcuda.so.1 that was found is the toolkit's stub; take its folder out of"
              + " LD_LIBRARY_PATH and install NVIDIA's driver.";
      case 46 ->
          "Another program has the device for itself (see nvidia-smi); end it, or choose another"
              + " device.";
      case NO_DEVICE, 101 ->
          "Look whether nvidia-smi lists the device, and whether CUDA_VISIBLE_DEVICES hides it.";
      case 214, 220, 226 ->
          "The hardware reported an error (see nvidia-smi -q); reset the device or restart the"
              + " machine.";
      case 200, 209, 218 ->
          "The compiled kernels do not fit this device; update NVIDIA's driver, and if that does"
              + " not help, report it.";
      case 221, 222, 223 -> "Update NVIDIA's driver: its compiler cannot be used for the kernels.";
      case 500 -> "The kernels of the jar are not those of the program; build it anew.";
      case 701 ->
          "A block of the kernel needs more registers or shared memory than the device has; please"
              + " report it with the name of the device.";
      case 702 ->
          "A display that the device drives ends kernels that run long; use a device without a"
              + " display, or smaller batches.";
      case 700, 710, 714, 715, 716, 717, 718, 719, 721 ->
          "This is an error of a kernel, or of the hardware; please report it, with what the"
              + " program says when started with CUDA_LAUNCH_BLOCKING=1, which finds the kernel.";
      case 802 -> "The machine's devices are still starting (nvidia-fabricmanager); try again.";
      case 803 ->
          "The driver was updated and its older part still runs; restart the machine (or load the"
              + " kernel module anew).";
      case 804 ->
          "The CUDA compatibility package does not know this device; take it out of"
              + " LD_LIBRARY_PATH.";
      case 805, 806, 807, 808, 809, 810 -> "Look after the MPS server (nvidia-cuda-mps-control).";
      case 999 ->
          "The driver does not know more; look into the kernel's log (dmesg, lines with NVRM), and"
              + " whether the module nvidia_uvm is loaded.";
      default -> "Please report it, with the output of nvidia-smi.";
    };
  }

  /** What is said of a call that failed. */
  static String describe(String call, String what, String name, String text) {
    String of = what.isEmpty() ? "" : " for " + what;
    return call + of + " failed with " + name + " (" + text + ")";
  }
}
