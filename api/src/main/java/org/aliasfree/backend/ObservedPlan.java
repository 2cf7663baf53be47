package org.aliasfree.backend;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** A plan of an {@link ObservedBackend}, and what is known of it. */
public final class ObservedPlan implements Plan {
  private final Plan plan;
  private final String backend;
  private final String entry;
  private final BackendObserver observer;
  private final AtomicInteger runs = new AtomicInteger();
  private volatile @Nullable Facts facts;

  ObservedPlan(Plan plan, String backend, String entry, BackendObserver observer) {
    this.plan = plan;
    this.backend = backend;
    this.entry = entry;
    this.observer = observer;
  }

  /** What is asked for only while somebody observes. */
  private record Facts(List<Step> steps, IdentityHashMap<Step, String> layers, Workload work) {}

  private Facts facts() {
    Facts known = facts;
    if (known == null) {
      List<Step> executed = steps().stream().filter(step -> !step.prepared()).toList();
      IdentityHashMap<Step, String> layers = new IdentityHashMap<>();
      List<String> names = StepLayers.of(executed);
      Workload work = Workload.NONE;
      for (int i = 0; i < executed.size(); i++) {
        layers.put(executed.get(i), names.get(i));
        work = work.plus(executed.get(i).work());
      }
      known = new Facts(executed, layers, work);
      facts = known;
    }
    return known;
  }

  /** Id of the backend. */
  public String backend() {
    return backend;
  }

  /** Its name in the program. */
  public String entry() {
    return entry;
  }

  /** The steps of each execution, without those that are prepared. */
  public List<Step> executedSteps() {
    return facts().steps;
  }

  /** The layer that a step belongs to, empty for none; see {@link StepLayers}. */
  public String layer(Step step) {
    return facts().layers.getOrDefault(step, step.label());
  }

  /** What the formulas of an execution's steps ask for together. */
  public Workload work() {
    return facts().work;
  }

  /** How many images or latents are computed together: rows of the first input that has rows. */
  public long batch() {
    return graph().inputs().values().stream()
        .map(Source.Input::type)
        .map(TensorType::shape)
        .filter(shape -> shape.rank() >= 2)
        .findFirst()
        .map((Shape shape) -> shape.dim(0))
        .orElse(1L);
  }

  @Override
  public Graph graph() {
    return plan.graph();
  }

  @Override
  public List<Step> steps() {
    return plan.steps();
  }

  @Override
  public long runBytes() {
    return plan.runBytes();
  }

  @Override
  public Run newRun() {
    try (var _ = observer.begin(new Activity.CreateRun(this))) {
      return new ObservedRun(this, plan.newRun(), runs.incrementAndGet(), observer);
    }
  }

  /** For example {@code generate on cpu-vector}. */
  @Override
  public String toString() {
    return entry + " on " + backend;
  }
}
