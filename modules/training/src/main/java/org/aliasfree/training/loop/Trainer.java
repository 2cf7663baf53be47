package org.aliasfree.training.loop;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.network.Generator;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;

/**
 * Two networks in training on a backend. It takes the steps of an iteration; what they are given,
 * and when, is up to the caller. Not for several threads at once.
 */
public final class Trainer implements AutoCloseable {
  /**
   * Runs keep their memory from one iteration to the next as long as all of them together take no
   * more than this; beyond it, each is given its memory anew, so that only one has any.
   */
  private static final long KEPT_BYTES = 3L << 30;

  private final Backend backend;
  private final TrainingProgram training;
  private final GradientReduction reduction;
  private final VariableStore store;
  private final Map<String, Run> kept = new HashMap<>();
  private CompiledProgram program;
  private boolean blurred;
  private StepTimes times = (entry, step, nanos) -> {};

  /** Is told how long each step of each graph took. */
  @FunctionalInterface
  public interface StepTimes {
    /**
     * A step was run.
     *
     * @param entry of the program
     */
    void ran(String entry, Plan.Step step, long nanos);
  }

  /**
   * Compiles everything. All variables are 0 until they are written.
   *
   * @param backend stays open as long as this is
   * @param blurred whether images are blurred; see {@link #setBlurred}
   */
  public Trainer(
      Backend backend, TrainingProgram training, GradientReduction reduction, boolean blurred) {
    this.backend = backend;
    this.training = training;
    this.reduction = reduction;
    this.blurred = blurred;
    store = backend.createStore(training.variables());
    try {
      program = backend.compile(training.program(blurred), store);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** What is trained. */
  public TrainingProgram training() {
    return training;
  }

  /** The values of all variables. */
  public VariableStore store() {
    return store;
  }

  /** The plans, by the names of the program's entries. */
  public Map<String, Plan> plans() {
    return program.plans();
  }

  /** Tells how long steps take from now on. */
  public void setStepTimes(StepTimes listener) {
    times = listener;
  }

  /** Leaves the blur out of the graphs, or puts it in. */
  public void setBlurred(boolean value) {
    if (value != blurred) {
      closeRuns();
      program.close();
      program = backend.compile(training.program(value), store);
      blurred = value;
    }
  }

  /**
   * A phase: the gradients of all micro-batches, added up and reduced, then the optimiser's step.
   *
   * @param rounds micro-batches
   * @param iterations that have been done, this one included
   */
  public void step(
      TrainingPhase phase, int rounds, long iterations, PhaseInputs inputs, PhaseResults results) {
    for (int round = 0; round < rounds; round++) {
      for (String entry : phase.accumulate()) {
        accumulate(phase, round, entry, inputs, results);
      }
    }
    reduction.reduce(phase, store);
    Map<String, Long> steps = steps(phase, iterations);
    use(
        phase.apply(),
        run -> {
          phase.bindRates(run, name -> Objects.requireNonNull(steps.get(name), name));
          execute(phase.apply(), run);
          return run;
        });
  }

  /** How often each phase has been done when this one is; those after it come later. */
  private Map<String, Long> steps(TrainingPhase present, long iterations) {
    Map<String, Long> steps = new HashMap<>();
    boolean later = false;
    for (TrainingPhase phase : training.phases()) {
      steps.put(phase.name(), phase.steps(later ? iterations - 1 : iterations));
      later |= phase.name().equals(present.name());
    }
    return steps;
  }

  private void accumulate(
      TrainingPhase phase, int round, String entry, PhaseInputs inputs, PhaseResults results) {
    Map<String, TensorType> types = inputTypes(entry);
    Map<String, HostTensor> values = inputs.of(phase, round, entry, types);
    use(
        entry,
        run -> {
          types.keySet().forEach(name -> run.bind(name, value(entry, name, values)));
          execute(entry, run);
          results.computed(phase, round, entry, run::output);
          return run;
        });
  }

  private static HostTensor value(String entry, String input, Map<String, HostTensor> values) {
    HostTensor value = values.get(input);
    if (value == null) {
      throw new AliasFreeException(
          "The graph " + entry + " takes the input \"" + input + "\", which was not given.");
    }
    return value;
  }

  /** The inputs of an entry. */
  Map<String, TensorType> inputTypes(String entry) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    program.plan(entry).graph().inputs().forEach((name, input) -> types.put(name, input.type()));
    return types;
  }

  /**
   * Moves the averaged generator.
   *
   * @param beta how much of it stays, 0 to 1
   */
  public void average(double beta) {
    use(
        TrainingProgram.EMA,
        run -> {
          run.bind(TrainingProgram.EMA_BETA, HostTensor.scalar(DType.F32, beta));
          execute(TrainingProgram.EMA, run);
          return run;
        });
  }

  /**
   * Images of the averaged generator, without truncation and with the networks' own noise.
   *
   * @param z f32 [N, zDim], N being the micro-batch
   * @param c f32 [N, cDim]
   * @return f32 [N, imgChannels, R, R]
   */
  public HostTensor generate(HostTensor z, HostTensor c) {
    return use(
        TrainingProgram.GENERATE,
        run -> {
          run.bind(TrainingProgram.Z, z);
          if (inputTypes(TrainingProgram.GENERATE).containsKey(TrainingProgram.LABELS)) {
            run.bind(TrainingProgram.LABELS, c);
          }
          execute(TrainingProgram.GENERATE, run);
          return run.output(Generator.IMAGE);
        });
  }

  private void execute(String entry, Run run) {
    run.execute((step, nanos) -> times.ran(entry, step, nanos));
  }

  /** What is done with a run. */
  @FunctionalInterface
  private interface Use<T> {
    T of(Run run);
  }

  private <T> T use(String entry, Use<T> use) {
    if (keepsRuns()) {
      return use.of(kept.computeIfAbsent(entry, name -> program.plan(name).newRun()));
    }
    try (Run run = program.plan(entry).newRun()) {
      return use.of(run);
    }
  }

  private boolean keepsRuns() {
    return plans().values().stream().mapToLong(Plan::runBytes).sum() <= KEPT_BYTES;
  }

  /** Bytes that the runs take at most at one time. */
  public long runBytes() {
    var bytes = plans().values().stream().mapToLong(Plan::runBytes);
    return keepsRuns() ? bytes.sum() : bytes.max().orElse(0);
  }

  private void closeRuns() {
    kept.values().forEach(Run::close);
    kept.clear();
  }

  @Override
  public void close() {
    closeRuns();
    program.close();
    store.close();
  }
}
