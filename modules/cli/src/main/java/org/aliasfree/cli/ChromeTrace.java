package org.aliasfree.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.ObservedPlan;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Workload;
import org.aliasfree.tensor.TensorType;
import tools.jackson.core.JsonGenerator;

/**
 * Writes what is done as events that Chrome's and Perfetto's viewers show: a lane for each thread,
 * and in it a bar for each activity with the steps of a run inside. A run's steps are kept until it
 * is over, so that writing does not disturb it.
 */
final class ChromeTrace implements BackendObserver {
  private final TraceFile file;
  private final long pid = ProcessHandle.current().pid();
  private final long origin = System.nanoTime();
  private final Set<Long> lanes = new HashSet<>();

  /** Begins the trace of work on a backend. */
  ChromeTrace(Backend backend, TraceFile file) {
    this.file = file;
    String name = new Main.Version().getVersion()[0] + ", " + backend.id();
    label("process_name", 0, "name", name);
    label("process_labels", 0, "labels", backend.description() + " Begun " + Instant.now());
  }

  private void label(String what, long tid, String key, String value) {
    file.metadata(
        out -> {
          out.writeStringProperty("name", what);
          out.writeStringProperty("ph", "M");
          out.writeNumberProperty("pid", pid);
          out.writeNumberProperty("tid", tid);
          out.writeObjectPropertyStart("args");
          out.writeStringProperty(key, value);
          out.writeEndObject();
        });
  }

  /** The lane of this thread. */
  private long lane() {
    Thread thread = Thread.currentThread();
    long tid = thread.threadId();
    synchronized (lanes) {
      if (lanes.add(tid)) {
        label("thread_name", tid, "name", thread.getName());
      }
    }
    return tid;
  }

  @Override
  public Span begin(Activity activity) {
    if (file.isFull()) {
      long steps =
          activity instanceof Activity.Execute execute ? execute.plan().executedSteps().size() : 0;
      file.drop(1 + steps);
      return Span.NONE;
    }
    long start = System.nanoTime();
    return activity instanceof Activity.Execute execute
        ? new Execution(execute, start)
        : () -> write(activity, start, System.nanoTime() - start);
  }

  @Override
  public void backendClosed() {
    file.finish();
  }

  private void write(Activity activity, long start, long nanos) {
    String name = name(activity);
    String category = category(activity);
    event(name, category, start, nanos, out -> arguments(activity, nanos, out));
  }

  /** What is told of an event besides. */
  @FunctionalInterface
  private interface Arguments {
    void write(JsonGenerator out);
  }

  private void event(String name, String category, long start, long nanos, Arguments arguments) {
    long tid = lane();
    file.event(
        out -> {
          out.writeStringProperty("name", name);
          out.writeStringProperty("cat", category);
          out.writeStringProperty("ph", "X");
          out.writeNumberProperty("ts", micros(start - origin));
          out.writeNumberProperty("dur", micros(nanos));
          out.writeNumberProperty("pid", pid);
          out.writeNumberProperty("tid", tid);
          out.writeObjectPropertyStart("args");
          arguments.write(out);
          out.writeEndObject();
        });
  }

  private static BigDecimal micros(long nanos) {
    return BigDecimal.valueOf(nanos, 3);
  }

  private static String name(Activity activity) {
    return switch (activity) {
      case Activity.LoadNetwork _ -> "load network";
      case Activity.CreateStore _ -> "create store";
      case Activity.WriteVariable _ -> "write variable";
      case Activity.ReadVariable _ -> "read variable";
      case Activity.Compile _ -> "compile";
      case Activity.CreateRun _ -> "create run";
      case Activity.BindInput _ -> "bind input";
      case Activity.Execute(ObservedPlan plan, int _) -> "run " + plan.entry();
      case Activity.ReadOutput _ -> "read output";
      case Activity.Stage(String name, String _) -> name;
    };
  }

  private static String category(Activity activity) {
    return switch (activity) {
      case Activity.WriteVariable _, Activity.ReadVariable _ -> "transfer";
      case Activity.BindInput _, Activity.ReadOutput _ -> "transfer";
      case Activity.Execute _ -> "run";
      default -> "stage";
    };
  }

  private static void arguments(Activity activity, long nanos, JsonGenerator out) {
    switch (activity) {
      case Activity.LoadNetwork(String source) -> out.writeStringProperty("source", source);
      case Activity.CreateStore(String _, int variables, long bytes) -> {
        out.writeNumberProperty("variables", variables);
        out.writeNumberProperty("bytes", bytes);
      }
      case Activity.WriteVariable(var v) -> transfer("variable", v.name(), v.type(), nanos, out);
      case Activity.ReadVariable(var v) -> transfer("variable", v.name(), v.type(), nanos, out);
      case Activity.Compile(String _, var program) ->
          out.writeStringProperty("plans", String.join(", ", program.entries().keySet()));
      case Activity.CreateRun(ObservedPlan plan) -> {
        out.writeStringProperty("plan", plan.entry());
        out.writeNumberProperty("bytes", plan.runBytes());
      }
      case Activity.BindInput(ObservedPlan _, String input, TensorType type) ->
          transfer("input", input, type, nanos, out);
      case Activity.Execute(ObservedPlan plan, int run) -> {
        out.writeStringProperty("plan", plan.entry());
        out.writeNumberProperty("run", run);
        out.writeNumberProperty("batch", plan.batch());
        out.writeNumberProperty("steps", plan.executedSteps().size());
        work(plan.work(), nanos, out);
      }
      case Activity.ReadOutput(ObservedPlan plan, String output) -> {
        var tensor = plan.graph().outputs().get(output);
        if (tensor != null) {
          transfer("output", output, tensor.type(), nanos, out);
        }
      }
      case Activity.Stage(String _, String detail) -> {
        if (!detail.isEmpty()) {
          out.writeStringProperty("what", detail);
        }
      }
    }
  }

  private static void transfer(
      String what, String name, TensorType type, long nanos, JsonGenerator out) {
    out.writeStringProperty(what, name);
    out.writeStringProperty("type", type.toString());
    out.writeNumberProperty("bytes", type.bytes());
    rate("GB/s", type.bytes(), nanos, out);
  }

  private static void work(Workload work, long nanos, JsonGenerator out) {
    out.writeNumberProperty("GFLOP", giga(work.flops()));
    rate("GFLOP/s", work.flops(), nanos, out);
    out.writeNumberProperty("leastBytes", work.bytes());
    rate("GB/s", work.bytes(), nanos, out);
  }

  private static BigDecimal giga(long count) {
    return BigDecimal.valueOf(count, 9);
  }

  /** So many in a nanosecond are as many thousand millions in a second. */
  private static void rate(String name, long count, long nanos, JsonGenerator out) {
    if (nanos > 0) {
      out.writeNumberProperty(
          name, BigDecimal.valueOf((double) count / nanos).setScale(3, RoundingMode.HALF_UP));
    }
  }

  private static void arguments(Plan.Step step, String layer, long nanos, JsonGenerator out) {
    out.writeStringProperty("op", step.op());
    out.writeStringProperty("layer", layer);
    types("inputs", step.inputs(), out);
    types("outputs", step.outputs(), out);
    work(step.work(), nanos, out);
    out.writeNumberProperty("GFLOP done", giga(step.flops()));
  }

  private static void types(String name, List<TensorType> types, JsonGenerator out) {
    out.writeArrayPropertyStart(name);
    types.forEach(type -> out.writeString(type.toString()));
    out.writeEndArray();
  }

  /** An execution of a plan, and the steps that it has taken. */
  private final class Execution implements Span {
    private record Ran(Plan.Step step, long start, long nanos) {}

    private final Activity.Execute execute;
    private final long start;
    private final List<Ran> ran = new ArrayList<>();

    Execution(Activity.Execute execute, long start) {
      this.execute = execute;
      this.start = start;
    }

    @Override
    public Run.StepListener steps() {
      return (step, nanos) -> ran.add(new Ran(step, System.nanoTime() - nanos, nanos));
    }

    @Override
    public void close() {
      write(execute, start, System.nanoTime() - start);
      for (Ran r : ran) {
        String layer = execute.plan().layer(r.step);
        String name = layer.isEmpty() ? r.step.op() : r.step.op() + " " + layer;
        event(name, "step", r.start, r.nanos, out -> arguments(r.step, layer, r.nanos, out));
      }
    }
  }
}
