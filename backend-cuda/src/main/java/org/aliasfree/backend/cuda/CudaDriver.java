package org.aliasfree.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.OutOfMemoryException;

/** A device of NVIDIA's driver, through JCuda. */
final class CudaDriver implements Driver {
  /** NVIDIA's own switch: with it each command is waited for, so that an error names its kernel. */
  private static final boolean ONE_BY_ONE = "1".equals(System.getenv("CUDA_LAUNCH_BLOCKING"));

  private static final int PORTABLE = 1; // CU_MEMHOSTALLOC_PORTABLE
  private static final int HOPPER = 90; // compute capability 9.0

  /** What trials of devices said, by index. */
  private static final Map<Integer, Boolean> TRIED = new ConcurrentHashMap<>();

  private final CudaCalls calls;
  private final Device device;
  private final boolean hopper;
  private final CUstream stream = new CUstream();
  private final CudaModule module;
  private final Set<Long> live = new HashSet<>();
  private final List<Graph> graphs = new ArrayList<>();
  private volatile boolean closed;

  private CudaDriver(CudaCalls calls, Device device, boolean hopper) {
    this.calls = calls;
    this.device = device;
    this.hopper = hopper;
    calls.enter();
    calls.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate",
        "");
    try {
      module = new CudaModule(calls, Ptx.all(hopper));
    } catch (RuntimeException e) {
      int _ = JCudaDriver.cuStreamDestroy(stream);
      throw e;
    }
  }

  /** Opens a device that the driver was asked about before. */
  static CudaDriver open(InstalledDriver.Found found) {
    NativeLibrary.load();
    CUdevice handle = new CUdevice();
    int code = JCudaDriver.cuInit(0);
    code = code == 0 ? JCudaDriver.cuDeviceGet(handle, found.index()) : code;
    int[] multiprocessors = new int[1];
    if (code == 0) {
      code =
          JCudaDriver.cuDeviceGetAttribute(
              multiprocessors, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, handle);
    }
    if (code != 0) {
      throw new AliasFreeException(
          found.name() + " cannot be opened: error " + code + ". " + CudaErrors.remedy(code));
    }
    Device device =
        new Device(found.name(), found.capability(), found.memory(), multiprocessors[0]);
    return open(
        handle, device, false, found.capability() == HOPPER && tried(handle, device, found));
  }

  private static CudaDriver open(CUdevice handle, Device device, boolean own, boolean hopper) {
    CudaCalls calls = new CudaCalls(handle, device.name(), own);
    try {
      return new CudaDriver(calls, device, hopper);
    } catch (RuntimeException e) {
      calls.release();
      throw e;
    }
  }

  /**
   * Whether the kernels for compute capability 9.0 alone are wanted and do what they should. The
   * first time, they are tried in a context of their own, so that an error ends with it.
   */
  private static boolean tried(CUdevice handle, Device device, InstalledDriver.Found found) {
    return HopperTrial.isWanted()
        && TRIED.computeIfAbsent(found.index(), i -> hopperWorks(handle, device));
  }

  private static boolean hopperWorks(CUdevice handle, Device device) {
    Optional<String> problem;
    try (CudaDriver driver = open(handle, device, true, true)) {
      problem = HopperTrial.problem(driver);
    } catch (AliasFreeException e) {
      problem = Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
    problem.ifPresent(
        p ->
            System.getLogger(CudaDriver.class.getName())
                .log(
                    System.Logger.Level.WARNING,
                    "{0}: kernels made for it alone are not used, general ones are: {1} Please"
                        + " report this. -D{2}=off skips the trial that found it.",
                    device.name(),
                    p,
                    HopperTrial.SWITCH));
    return problem.isEmpty();
  }

  /** Forgets which devices were tried. */
  static void forgetTrials() {
    TRIED.clear();
  }

  @Override
  public Target target() {
    return new Target(
        hopper ? Target.Hopper.WHERE_FASTER : Target.Hopper.NOWHERE, device.multiprocessors());
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public boolean isHostMemory() {
    return false;
  }

  @Override
  public long allocate(long bytes) {
    calls.lock.lock();
    try {
      enter();
      Address.OfDevice pointer = new Address.OfDevice();
      int code = JCudaDriver.cuMemAlloc(pointer, bytes);
      if (code == CudaErrors.OUT_OF_MEMORY) {
        return 0;
      }
      calls.check(code, "cuMemAlloc", bytes + " bytes");
      live.add(pointer.value());
      return pointer.value();
    } finally {
      calls.lock.unlock();
    }
  }

  /** Gives memory back. After {@link #close}, which gave all back, this does nothing. */
  @Override
  public void free(long address) {
    calls.lock.lock();
    try {
      if (!live.remove(address) || !calls.tryEnter()) {
        return;
      }
      boolean broken = calls.isBroken();
      int waited = JCudaDriver.cuStreamSynchronize(stream);
      int freed = JCudaDriver.cuMemFree(Address.ofDevice(address));
      if (!broken) { // or it was said before
        calls.check(waited, "cuStreamSynchronize", "memory to be freed");
        calls.check(freed, "cuMemFree", "");
      }
    } finally {
      calls.lock.unlock();
    }
  }

  @Override
  public long freeBytes() {
    enter();
    long[] free = new long[1];
    calls.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "cuMemGetInfo", "");
    return free[0];
  }

  @Override
  @SuppressWarnings("restricted") // the address and size are the driver's
  public MemorySegment allocateHost(long bytes, Arena arena) {
    calls.lock.lock();
    try {
      enter();
      Address.OfHost pointer = new Address.OfHost();
      int code = JCudaDriver.cuMemHostAlloc(pointer, Math.max(1, bytes), PORTABLE);
      if (code == CudaErrors.OUT_OF_MEMORY) {
        throw new OutOfMemoryException(
            bytes,
            "copies to and from the device",
            "main memory that stays in place. Use a smaller batch or resolution.",
            null);
      }
      calls.check(code, "cuMemHostAlloc", bytes + " bytes");
      calls.hold();
      return MemorySegment.ofAddress(pointer.value()).reinterpret(bytes, arena, this::freeHost);
    } finally {
      calls.lock.unlock();
    }
  }

  /** Called when the arena is closed, perhaps after the driver. */
  private void freeHost(MemorySegment memory) {
    calls.lock.lock();
    try {
      if (calls.tryEnter()) {
        int _ = JCudaDriver.cuMemFreeHost(Address.of(memory)); // an arena cannot be told
      }
    } finally {
      calls.lock.unlock();
      calls.release();
    }
  }

  @Override
  public void submit(List<Command> commands) {
    enter();
    for (Command command : commands) {
      prepare(command);
      queue(command);
      if (ONE_BY_ONE) {
        await(command instanceof Launch l ? "the kernel " + l.kernel() : command.toString());
      }
    }
  }

  private void prepare(Command command) {
    if (command instanceof Launch launch) {
      module.prepare(launch);
    }
  }

  private void queue(Command command) {
    switch (command) {
      case Launch launch -> module.launch(launch, stream);
      case Copy c -> {
        int code =
            JCudaDriver.cuMemcpyDtoDAsync(
                Address.ofDevice(c.to()), Address.ofDevice(c.from()), c.bytes(), stream);
        check(code, "cuMemcpyDtoDAsync", c.bytes());
      }
      case Zero z -> check(zero(Address.ofDevice(z.to()), z), "cuMemsetAsync", z.bytes());
      case Upload u -> {
        long bytes = u.from().byteSize();
        int code =
            JCudaDriver.cuMemcpyHtoDAsync(
                Address.ofDevice(u.to()), Address.of(u.from()), bytes, stream);
        check(code, "cuMemcpyHtoDAsync", bytes);
      }
      case Download d -> {
        long bytes = d.to().byteSize();
        int code =
            JCudaDriver.cuMemcpyDtoHAsync(
                Address.of(d.to()), Address.ofDevice(d.from()), bytes, stream);
        check(code, "cuMemcpyDtoHAsync", bytes);
      }
    }
  }

  private int zero(CUdeviceptr to, Zero zero) {
    return (zero.to() | zero.bytes()) % 4 == 0
        ? JCudaDriver.cuMemsetD32Async(to, 0, zero.bytes() / 4, stream)
        : JCudaDriver.cuMemsetD8Async(to, (byte) 0, zero.bytes(), stream);
  }

  private void check(int code, String call, long bytes) {
    if (code != 0) {
      calls.check(code, call, bytes + " bytes");
    }
  }

  @Override
  public Recording record(List<Command> commands) {
    List<Command> copy = List.copyOf(commands);
    if (ONE_BY_ONE) {
      return new OneByOne(copy);
    }
    calls.lock.lock();
    try {
      enter();
      copy.forEach(this::prepare);
      Graph graph = new Graph(copy);
      graphs.add(graph);
      return graph;
    } finally {
      calls.lock.unlock();
    }
  }

  /** Commands as a graph, which the driver submits as a whole. */
  private final class Graph implements Recording {
    private final CUgraphExec executable = new CUgraphExec();
    private boolean open = true;

    Graph(List<Command> commands) {
      CUgraph graph = capture(commands);
      try {
        calls.check(
            JCudaDriver.cuGraphInstantiate(executable, graph, 0),
            "cuGraphInstantiate",
            commands.size() + " commands");
      } finally {
        int _ = JCudaDriver.cuGraphDestroy(graph);
      }
    }

    private CUgraph capture(List<Command> commands) {
      CUgraph graph = new CUgraph();
      calls.check(
          JCudaDriver.cuStreamBeginCapture(
              stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
          "cuStreamBeginCapture",
          "");
      try {
        commands.forEach(CudaDriver.this::queue);
      } catch (RuntimeException | Error e) { // the stream takes nothing else until it ends
        if (JCudaDriver.cuStreamEndCapture(stream, graph) == 0) {
          int _ = JCudaDriver.cuGraphDestroy(graph);
        }
        throw e;
      }
      calls.check(JCudaDriver.cuStreamEndCapture(stream, graph), "cuStreamEndCapture", "");
      return graph;
    }

    @Override
    public void replay() {
      enter();
      if (!open) {
        throw new IllegalStateException("the recording was closed");
      }
      calls.check(JCudaDriver.cuGraphLaunch(executable, stream), "cuGraphLaunch", "");
    }

    @Override
    public void close() {
      calls.lock.lock();
      try {
        if (open) {
          open = false;
          graphs.remove(this);
          if (calls.tryEnter()) {
            int _ = JCudaDriver.cuStreamSynchronize(stream); // await() tells what failed
            int _ = JCudaDriver.cuGraphExecDestroy(executable);
          }
        }
      } finally {
        calls.lock.unlock();
      }
    }
  }

  /** Commands that are submitted anew each time. */
  private final class OneByOne implements Recording {
    private final List<Command> commands;

    OneByOne(List<Command> commands) {
      this.commands = commands;
    }

    @Override
    public void replay() {
      submit(commands);
    }

    @Override
    public void close() {
      // holds nothing
    }
  }

  @Override
  public void await() {
    enter();
    await("what was submitted");
  }

  private void await(String what) {
    calls.check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize", what);
  }

  private void enter() {
    if (closed) {
      throw new IllegalStateException(device.name() + " was closed");
    }
    calls.enter();
  }

  /** Waits, then gives back all that was allocated, but for memory of the host. */
  @Override
  public void close() {
    calls.lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (calls.tryEnter()) {
        int _ = JCudaDriver.cuStreamSynchronize(stream); // what failed now is of no use
        List.copyOf(graphs).forEach(Graph::close);
        for (long address : live) {
          int _ = JCudaDriver.cuMemFree(Address.ofDevice(address));
        }
        int _ = JCudaDriver.cuStreamDestroy(stream);
        module.close();
      }
      live.clear();
    } finally {
      calls.lock.unlock();
      calls.release();
    }
  }
}
