package org.aliasfree.backend;

import org.aliasfree.tensor.HostTensor;

/** A run of an {@link ObservedPlan}. */
final class ObservedRun implements Run {
  private final ObservedPlan plan;
  private final Run run;
  private final Activity execution;
  private final BackendObserver observer;

  ObservedRun(ObservedPlan plan, Run run, int number, BackendObserver observer) {
    this.plan = plan;
    this.run = run;
    this.observer = observer;
    execution = new Activity.Execute(plan, number);
  }

  @Override
  public void bind(String input, HostTensor value) {
    try (var _ = observer.begin(new Activity.BindInput(plan, input, value.type()))) {
      run.bind(input, value);
    }
  }

  @Override
  public void execute(StepListener listener) {
    try (var span = observer.begin(execution)) {
      run.execute(both(listener, span.steps()));
    }
  }

  private static StepListener both(StepListener first, StepListener second) {
    if (second.equals(StepListener.NONE)) {
      return first;
    }
    if (first.equals(StepListener.NONE)) {
      return second;
    }
    return (step, nanos) -> {
      second.ran(step, nanos); // it may look at the clock
      first.ran(step, nanos);
    };
  }

  @Override
  public HostTensor output(String name) {
    try (var _ = observer.begin(new Activity.ReadOutput(plan, name))) {
      return run.output(name);
    }
  }

  @Override
  public void close() {
    run.close();
  }
}
