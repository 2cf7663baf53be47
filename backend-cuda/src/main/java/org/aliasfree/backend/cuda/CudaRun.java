package org.aliasfree.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.support.RunContract;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one execution, and its commands, which are recorded once: inputs to the device, all
 * launches, outputs to the host, assignments.
 */
final class CudaRun implements Run {
  private final CudaBackend backend;
  private final CudaPlan plan;
  private final Entry entry;
  private final RunContract contract;
  private final Allocation memory;
  private final Arena arena = Arena.ofShared();
  private final Map<String, MemorySegment> inputs = new LinkedHashMap<>();
  private final Map<String, MemorySegment> outputs = new LinkedHashMap<>();
  private final List<Allocation> tables = new ArrayList<>();
  private final Entry.Places places = new Places();
  private Driver.@Nullable Recording recording;

  private CudaRun(CudaBackend backend, CudaPlan plan, Allocation memory) {
    this.backend = backend;
    this.plan = plan;
    this.memory = memory;
    entry = plan.entry();
    contract = new RunContract(entry.name(), entry.inputs(), entry.outputs());
  }

  /** A run with memory of its own. */
  static CudaRun of(CudaBackend backend, CudaPlan plan) {
    Entry entry = plan.entry();
    Allocation memory =
        backend.allocator().allocate(entry.runBytes(), "activations of " + entry.name());
    CudaRun run = new CudaRun(backend, plan, memory);
    try {
      run.allocateHost();
      return run;
    } catch (Throwable t) {
      run.close();
      throw t;
    }
  }

  private void allocateHost() {
    entry.inputs().forEach((name, t) -> inputs.put(name, onHost(t)));
    entry.outputs().forEach((name, t) -> outputs.put(name, onHost(t)));
  }

  private MemorySegment onHost(Tensor tensor) {
    return backend.driver().allocateHost(tensor.type().bytes(), arena);
  }

  @Override
  public void bind(String input, HostTensor value) {
    backend.checkOpen();
    contract.bind(input, value);
    Objects.requireNonNull(inputs.get(input)).copyFrom(value.data());
  }

  @Override
  public void execute(StepListener listener) {
    contract.begin();
    Driver driver = backend.driver();
    synchronized (driver) {
      plan.checkOpen();
      plan.preparation().refresh();
      if (listener.equals(StepListener.NONE)) {
        recording().replay();
      } else {
        step(listener);
      }
      driver.await();
      plan.store().assigned(entry.assignments().keySet());
    }
    contract.end();
  }

  private Driver.Recording recording() {
    Driver.Recording known = recording;
    if (known == null) {
      Launches launches = launches(tables);
      begin(launches);
      entry.work().forEach(unit -> entry.launch(unit, places, launches));
      end(launches);
      known = backend.driver().record(launches.commands());
      recording = known;
    }
    return known;
  }

  private Launches launches(List<Allocation> of) {
    return new Launches(bytes -> backend.table(bytes, of));
  }

  private void begin(Launches launches) {
    inputs.forEach(
        (name, host) -> {
          Tensor input = Objects.requireNonNull(entry.inputs().get(name));
          launches.upload(places.memory() + entry.offset(input), host);
        });
  }

  private void end(Launches launches) {
    outputs.forEach(
        (name, host) ->
            launches.download(
                host, entry.address(Objects.requireNonNull(entry.outputs().get(name)), places)));
    entry.assign(places, launches);
  }

  /** Does everything step by step, without the recording, and tells how long each took. */
  private void step(StepListener listener) {
    List<Allocation> passing = new ArrayList<>();
    try {
      submit(this::begin, passing);
      for (int i = 0; i < entry.work().size(); i++) {
        Unit unit = entry.work().get(i);
        long nanos = submit(launches -> entry.launch(unit, places, launches), passing);
        listener.ran(entry.workSteps().get(i), nanos);
      }
      submit(this::end, passing);
    } finally {
      passing.forEach(Allocation::close);
    }
  }

  private long submit(Consumer<Launches> what, List<Allocation> of) {
    Launches launches = launches(of);
    what.accept(launches);
    long start = System.nanoTime();
    backend.driver().submit(launches.commands());
    backend.driver().await();
    return System.nanoTime() - start;
  }

  /** Where everything lies that a run works on. */
  private final class Places implements Entry.Places {
    @Override
    public long memory() {
      return memory.segment().address();
    }

    @Override
    public long variable(Variable variable) {
      return plan.store().address(variable);
    }

    @Override
    public long invariant(Tensor root) {
      return plan.preparation().address(root);
    }

    @Override
    public long packed(Tensor root, OpKernel.Packing packing) {
      return plan.preparation().packed(root, packing);
    }
  }

  @Override
  public HostTensor output(String name) {
    Tensor tensor = contract.output(name);
    backend.checkOpen();
    HostTensor copy = HostTensor.allocate(tensor.type());
    copy.data().copyFrom(Objects.requireNonNull(outputs.get(name)));
    return copy;
  }

  @Override
  public void close() {
    if (contract.close()) {
      synchronized (backend.driver()) {
        if (recording != null) {
          recording.close();
        }
        tables.forEach(Allocation::close);
        memory.close();
        arena.close();
      }
    }
  }
}
