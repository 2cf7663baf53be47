package org.aliasfree.backend;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import jdk.jfr.Event;
import org.aliasfree.backend.BackendObserver.Span;
import org.aliasfree.tensor.TensorType;

/**
 * Activities as {@linkplain FlightEvents events}: what costs anything is found out only for those
 * that a recording keeps.
 */
final class FlightSpans {
  private FlightSpans() {}

  static Span begin(Activity activity) {
    return switch (activity) {
      case Activity.LoadNetwork(String source) -> load(source);
      case Activity.Compile(String backend, Program program) -> compile(backend, program);
      case Activity.Execute(ObservedPlan plan, int run) -> execute(plan, run);
      default -> Span.NONE;
    };
  }

  private static Span load(String source) {
    return span(new FlightEvents.NetworkLoad(), event -> event.source = source);
  }

  private static Span compile(String backend, Program program) {
    return span(
        new FlightEvents.Compile(),
        event -> {
          event.backend = backend;
          event.plans = String.join(", ", program.entries().keySet());
          event.nodes = program.entries().values().stream().mapToInt(g -> g.nodes().size()).sum();
        });
  }

  /** An event that lasts as long as the activity; its fields are filled when it is kept. */
  private static <E extends Event> Span span(E event, Consumer<E> fields) {
    if (!event.isEnabled()) {
      return Span.NONE;
    }
    event.begin();
    return () -> {
      event.end();
      if (event.shouldCommit()) {
        fields.accept(event);
        event.commit();
      }
    };
  }

  private static Span execute(ObservedPlan plan, int run) {
    FlightEvents.PlanRun event = new FlightEvents.PlanRun();
    boolean steps = new FlightEvents.PlanStep().isEnabled();
    return event.isEnabled() || steps ? new Execution(plan, run, event, steps) : Span.NONE;
  }

  private static String text(List<TensorType> types) {
    return types.stream().map(TensorType::toString).collect(Collectors.joining(", "));
  }

  /** An execution of a plan, and the step that it is at. */
  private static final class Execution implements Span {
    private final ObservedPlan plan;
    private final int run;
    private final FlightEvents.PlanRun event;
    private final Run.StepListener steps;
    private FlightEvents.PlanStep step = new FlightEvents.PlanStep();

    Execution(ObservedPlan plan, int run, FlightEvents.PlanRun event, boolean steps) {
      this.plan = plan;
      this.run = run;
      this.event = event;
      this.steps = steps ? this::ran : Run.StepListener.NONE;
      event.begin();
      step.begin();
    }

    @Override
    public Run.StepListener steps() {
      return steps;
    }

    private void ran(Plan.Step done, long nanos) {
      step.end();
      if (step.shouldCommit()) {
        step.op = done.op();
        step.layer = plan.layer(done);
        step.inputs = text(done.inputs());
        step.outputs = text(done.outputs());
        step.measured = nanos;
        step.flops = done.work().flops();
        step.flopsDone = done.flops();
        step.bytes = done.work().bytes();
        step.plan = plan.entry();
        step.run = run;
        step.commit();
      }
      step = new FlightEvents.PlanStep();
      step.begin();
    }

    @Override
    public void close() {
      event.end();
      if (event.shouldCommit()) {
        event.backend = plan.backend();
        event.plan = plan.entry();
        event.run = run;
        event.batch = plan.batch();
        event.steps = plan.executedSteps().size();
        event.flops = plan.work().flops();
        event.bytes = plan.work().bytes();
        event.memory = plan.runBytes();
        event.commit();
      }
    }
  }
}
