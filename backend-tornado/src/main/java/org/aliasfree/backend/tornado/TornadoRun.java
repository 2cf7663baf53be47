package org.aliasfree.backend.tornado;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.support.RunContract;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;

/** The inputs and outputs of executions, on the host. */
final class TornadoRun implements Run {
  private final TornadoBackend backend;
  private final TornadoPlan plan;
  private final Entry entry;
  private final RunContract contract;
  private final Map<String, HostTensor> inputs = new HashMap<>();
  private final Map<String, HostTensor> outputs = new HashMap<>();

  TornadoRun(TornadoBackend backend, TornadoPlan plan, Entry entry) {
    this.backend = backend;
    this.plan = plan;
    this.entry = entry;
    contract = new RunContract(entry.name(), entry.inputs(), entry.outputs());
  }

  @Override
  public void bind(String input, HostTensor value) {
    backend.checkOpen();
    Tensor tensor = contract.bind(input, value);
    inputs
        .computeIfAbsent(input, name -> HostTensor.allocate(tensor.type()))
        .data()
        .copyFrom(value.data());
  }

  @Override
  public void execute(StepListener listener) {
    contract.begin();
    backend.alone(
        () -> {
          plan.checkOpen();
          Entry.Regions regions = plan.regions();
          inputs.forEach(
              (name, value) ->
                  Elements.put(
                      value,
                      entry
                          .inputLayout()
                          .place(
                              Objects.requireNonNull(entry.inputs().get(name)), regions.inputs())));
          plan.execute(listener);
          entry
              .outputs()
              .forEach(
                  (name, tensor) ->
                      Elements.get(
                          entry.output(name, regions),
                          outputs.computeIfAbsent(name, n -> HostTensor.allocate(tensor.type()))));
        });
    contract.end();
  }

  @Override
  public HostTensor output(String name) {
    Tensor tensor = contract.output(name);
    backend.checkOpen();
    HostTensor copy = HostTensor.allocate(tensor.type());
    copy.data().copyFrom(Objects.requireNonNull(outputs.get(name)).data());
    return copy;
  }

  @Override
  public void close() {
    if (contract.close()) {
      inputs.clear();
      outputs.clear();
    }
  }
}
