package org.aliasfree.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.aliasfree.AliasFreeException;

/** The kernels on a device, ready to be launched. Used by one thread at a time. */
final class CudaModule implements AutoCloseable {
  // Dynamic shared memory for which nothing is set: all of a block, less what kernels declare, is
  // 48 KB, and no kernel with dynamic memory declares as much as 16 KB.
  private static final int PLAIN_SHARED = 32 << 10;
  private static final int MOST_ARGUMENTS = 4096;

  private final CudaCalls calls;
  private final Map<CUmodule, Ptx> modules = new LinkedHashMap<>();
  private final Map<String, Function> functions = new HashMap<>();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment arguments = arena.allocate(MOST_ARGUMENTS, 16);
  private final Pointer parameters;

  /** Has the driver compile the kernels, or find them in its cache. */
  CudaModule(CudaCalls calls, List<Ptx> kernels) {
    this.calls = calls;
    MemorySegment list = arena.allocate(ADDRESS); // of one parameter
    list.set(ADDRESS, 0, arguments);
    parameters = Address.of(list);
    try {
      kernels.forEach(this::load);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void load(Ptx ptx) {
    CUmodule module = new CUmodule();
    try (Arena whileLoading = Arena.ofConfined()) {
      MemorySegment text = whileLoading.allocateFrom(ptx.text());
      calls.check(
          JCudaDriver.cuModuleLoadDataEx(
              module, Address.of(text), 0, new int[0], Pointer.to(new int[0])),
          "cuModuleLoadDataEx",
          ptx.name());
    }
    modules.put(module, ptx);
  }

  /** A kernel, and what its launches must obey. */
  private static final class Function {
    final CUfunction handle;
    final Ptx.Kernel limits;
    int shared = PLAIN_SHARED; // dynamic, that is allowed

    Function(CUfunction handle, Ptx.Kernel limits) {
      this.handle = handle;
      this.limits = limits;
    }
  }

  /**
   * Does what a launch needs once: not while launches are recorded, which would not take it.
   *
   * @throws AliasFreeException if the kernel is not there, or is not launched as it was compiled
   */
  void prepare(Driver.Launch launch) {
    Function function = functions.computeIfAbsent(launch.kernel(), this::find);
    Ptx.Kernel limits = function.limits;
    if (launch.threads() != limits.threads() || launch.arguments().length != limits.arguments()) {
      throw new AliasFreeException(
          "The kernel "
              + launch.kernel()
              + " takes "
              + limits.arguments()
              + " bytes of arguments and blocks of "
              + limits.threads()
              + " threads; it was launched with "
              + launch.arguments().length
              + " and "
              + launch.threads()
              + ". Make the kernels anew with backend-cuda/compile-kernels.");
    }
    if (launch.shared() > function.shared) {
      int code =
          JCudaDriver.cuFuncSetAttribute(
              function.handle,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              launch.shared());
      calls.check(
          code,
          "cuFuncSetAttribute",
          "the kernel " + launch.kernel() + " with " + launch.shared() + " bytes of shared memory");
      function.shared = launch.shared();
    }
  }

  private Function find(String kernel) {
    Map.Entry<CUmodule, Ptx> owner =
        modules.entrySet().stream()
            .filter(e -> e.getValue().kernels().containsKey(kernel))
            .findFirst()
            .orElse(modules.entrySet().iterator().next()); // says that there is no such kernel
    CUfunction handle = new CUfunction();
    Ptx.Kernel limits = owner.getValue().kernels().get(kernel);
    int code = JCudaDriver.cuModuleGetFunction(handle, owner.getKey(), kernel);
    calls.check(code, "cuModuleGetFunction", "the kernel " + kernel);
    if (limits == null) {
      throw new AliasFreeException(
          owner.getValue().name() + " says nothing of the threads of the kernel " + kernel + ".");
    }
    // Kernels may be loaded when they are first used; this makes it now.
    int[] registers = new int[1];
    code =
        JCudaDriver.cuFuncGetAttribute(
            registers, CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS, handle);
    calls.check(code, "cuFuncGetAttribute", "the kernel " + kernel);
    return new Function(handle, limits);
  }

  /** Queues a launch that was prepared; its arguments are copied. */
  void launch(Driver.Launch launch, CUstream stream) {
    Function function = functions.get(launch.kernel());
    if (function == null) {
      throw new IllegalStateException(launch.kernel() + " was not prepared");
    }
    byte[] bytes = launch.arguments();
    MemorySegment.copy(bytes, 0, arguments, JAVA_BYTE, 0, bytes.length);
    int code =
        JCudaDriver.cuLaunchKernel(
            function.handle,
            launch.x(),
            launch.y(),
            launch.z(),
            launch.threads(),
            1,
            1,
            launch.shared(),
            stream,
            parameters,
            null);
    if (code != 0) {
      calls.check(
          code,
          "cuLaunchKernel",
          "the kernel %s, %d x %d x %d blocks of %d threads with %d bytes of shared memory"
              .formatted(
                  launch.kernel(),
                  launch.x(),
                  launch.y(),
                  launch.z(),
                  launch.threads(),
                  launch.shared()));
    }
  }

  @Override
  public void close() {
    for (CUmodule module : modules.keySet()) {
      int _ = JCudaDriver.cuModuleUnload(module); // its context ends next
    }
    arena.close();
  }
}
