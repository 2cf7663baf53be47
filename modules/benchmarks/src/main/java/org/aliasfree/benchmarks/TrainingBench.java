package org.aliasfree.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.measure.MachinePeaks;
import org.aliasfree.measure.PeakMemory;
import org.aliasfree.measure.Sample;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.Precision;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.loop.DatasetFacts;
import org.aliasfree.training.loop.DrawnInputs;
import org.aliasfree.training.loop.GradientReduction;
import org.aliasfree.training.loop.LabelSource;
import org.aliasfree.training.loop.Preset;
import org.aliasfree.training.loop.RealBatch;
import org.aliasfree.training.loop.Trainer;
import org.aliasfree.training.loop.TrainingPlan;
import org.aliasfree.training.loop.TrainingSettings;

/**
 * Times the phases of a training iteration on random images, and tells which steps of their graphs
 * take the time. {@code official_training.py} does the same with the original.
 *
 * <p>Arguments {@code name=value}: {@code resolution}, {@code batch}, {@code batchGpu}, {@code
 * cbase}, {@code cmax}, {@code p} (strength of augmentation), {@code threads}, {@code warmup},
 * {@code runs}, {@code rows} (of the table).
 */
public final class TrainingBench {
  private static final double R1_SHARE = 1.0 / 16;

  /** As many images as the schedules of the start of training no longer depend on. */
  private static final long CUR_NIMG = 100_000;

  private final Map<String, Double> options = new LinkedHashMap<>();
  private final TrainingProgram training;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  /** Seconds of a step, by phase and step, of the runs that count. */
  private final Map<String, Map<String, Cost>> profile = new LinkedHashMap<>();

  private boolean counts;

  private static final class Cost {
    double seconds;
    double flops;
    double done;
    double bytes;
    double count;
  }

  private TrainingBench(String[] args) {
    options.put("resolution", 64.0);
    options.put("batch", 16.0);
    options.put("batchGpu", 0.0);
    options.put("cbase", 4096.0);
    options.put("cmax", 64.0);
    options.put("p", 0.2);
    options.put("threads", (double) Runtime.getRuntime().availableProcessors());
    options.put("warmup", 3.0);
    options.put("runs", 5.0);
    options.put("rows", 30.0);
    for (String arg : args) {
      int at = arg.indexOf('=');
      if (at < 0 || !options.containsKey(arg.substring(0, at))) {
        throw new IllegalArgumentException(
            "'" + arg + "' is no option; use name=value with a name of " + options.keySet() + ".");
      }
      options.put(arg.substring(0, at), Double.parseDouble(arg.substring(at + 1)));
    }
    options.computeIfPresent("batchGpu", (k, v) -> v == 0 ? options.get("batch") : v);
    DatasetFacts facts = new DatasetFacts("random", 1000, option("resolution"), 3, 0);
    training = new TrainingPlan(settings(), facts).program(Precision.F32);
  }

  private int option(String name) {
    return options.getOrDefault(name, 0.0).intValue();
  }

  private TrainingSettings settings() {
    return new TrainingSettings(
        Preset.STYLEGAN3_T,
        new TrainingSettings.Data("random", false, false, false, 1),
        new TrainingSettings.Networks(
            option("cbase"), option("cmax"), 2, 4, true, TrainingSettings.Freeze.NOTHING),
        new TrainingSettings.Optimizer(option("batch"), option("batchGpu"), 2, 0.0025, 0.002),
        new TrainingSettings.Augment(
            TrainingSettings.AugmentMode.FIXED, "bgc", options.getOrDefault("p", 0.0), 0),
        new TrainingSettings.Schedule(1000, 4, 50, 50, 0, 0),
        0,
        1,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0,
        false);
  }

  /**
   * Measures.
   *
   * @param args see the class
   */
  public static void main(String[] args) {
    new TrainingBench(args).run();
  }

  private void run() {
    try (Backend backend =
            Backends.select(
                "cpu-vector", BackendOptions.defaults().withThreads(option("threads")));
        Trainer trainer = new Trainer(backend, training, GradientReduction.NONE, false)) {
      GeneratorNetwork g = GeneratorNetwork.random(training.generator(), 1);
      DiscriminatorNetwork d = DiscriminatorNetwork.initial(training.discriminator(), 2);
      training.initialize(trainer.store(), g, d, g);
      trainer.setStepTimes(this::count);
      trainer
          .plans()
          .forEach(
              (name, plan) ->
                  System.out.printf(
                      Locale.ROOT,
                      "%-12s %4d steps, %6.0f MB%n",
                      name,
                      plan.steps().size(),
                      plan.runBytes() / 1e6));
      int total = option("warmup") + option("runs");
      for (int i = 0; i < total; i++) {
        counts = i >= option("warmup");
        iteration(trainer, i);
      }
      report(trainer.store());
    }
  }

  /** All phases, as in an iteration that takes R1 too. */
  private void iteration(Trainer trainer, int index) {
    long images = CUR_NIMG + (long) index * option("batch");
    DrawnInputs inputs =
        new DrawnInputs(
            training, 0, new Unlabelled(), images, reals(index), options.getOrDefault("p", 0.0));
    for (TrainingPhase phase : training.phases()) {
      long start = System.nanoTime();
      trainer.step(
          phase,
          option("batch") / option("batchGpu"),
          index + 1L,
          inputs,
          (p, round, entry, outputs) -> {});
      note(phase.name(), start);
    }
    long start = System.nanoTime();
    trainer.average(0.999);
    note(TrainingProgram.EMA, start);
  }

  private void note(String phase, long start) {
    double took = (System.nanoTime() - start) / 1e9;
    System.out.printf(Locale.ROOT, "%s %.3f s%n", phase, took);
    if (counts) {
      seconds.computeIfAbsent(phase, p -> new ArrayList<>()).add(took);
    }
  }

  private void count(String entry, Plan.Step step, long nanos) {
    if (counts) {
      Cost cost =
          profile
              .computeIfAbsent(entry, e -> new LinkedHashMap<>())
              .computeIfAbsent(
                  step.op() + " " + step.label() + " " + step.output(), s -> new Cost());
      cost.seconds += nanos / 1e9 / option("runs");
      cost.flops += (double) step.work().flops() / option("runs");
      cost.done += (double) step.flops() / option("runs");
      cost.bytes += (double) step.work().bytes() / option("runs");
      cost.count += 1.0 / option("runs");
    }
  }

  private RealBatch reals(int seed) {
    int size = option("resolution");
    HostTensor images = HostTensor.allocate(TensorType.f32(option("batch"), 3, size, size));
    RandomState random = new RandomState(seed);
    for (long i = 0; i < images.type().elements(); i++) {
      images.set(i, random.nextDouble() * 2 - 1);
    }
    return new RealBatch(images, HostTensor.allocate(TensorType.f32(option("batch"), 0)));
  }

  private static final class Unlabelled implements LabelSource {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public float[] label(int index) {
      return new float[0];
    }
  }

  private void report(VariableStore store) {
    MachinePeaks peaks = MachinePeaks.measure(option("threads"));
    System.out.printf(
        Locale.ROOT,
        "Peaks: %.0f GFLOP/s, %.1f GB/s%n",
        peaks.flopRate() / 1e9,
        peaks.byteRate() / 1e9);
    profile.forEach((entry, steps) -> table(entry, steps, peaks));
    double iteration = 0;
    StringBuilder phases = new StringBuilder();
    for (var e : seconds.entrySet()) {
      double median = Sample.of(e.getValue().stream().mapToDouble(s -> s).toArray()).median();
      iteration += median * (e.getKey().equals("Dreg") ? R1_SHARE : 1);
      phases.append(
          String.format(
              Locale.ROOT, "%s\"%s\":%.4f", phases.isEmpty() ? "" : ",", e.getKey(), median));
    }
    System.out.printf(
        Locale.ROOT,
        "{\"peer\":\"aliasfree\",\"resolution\":%d,\"batch\":%d,\"threads\":%d,\"phases\":{%s},\"s_per_iteration\":%.4f,"
            + "\"s_per_kimg\":%.2f,\"peak_bytes\":%d,\"variable_bytes\":%d,\"prepared_bytes\":%d}%n",
        option("resolution"),
        option("batch"),
        option("threads"),
        phases,
        iteration,
        iteration / option("batch") * 1000,
        PeakMemory.ofProcess().map(PeakMemory::bytes).orElse(0L),
        store.bytes().variables(),
        store.bytes().prepared());
  }

  private void table(String entry, Map<String, Cost> steps, MachinePeaks peaks) {
    double all = steps.values().stream().mapToDouble(c -> c.seconds).sum();
    double bound =
        steps.values().stream()
            .mapToDouble(c -> Math.max(c.done / peaks.flopRate(), c.bytes / peaks.byteRate()))
            .sum();
    double flops = steps.values().stream().mapToDouble(c -> c.flops).sum();
    double done = steps.values().stream().mapToDouble(c -> c.done).sum();
    System.out.printf(
        Locale.ROOT,
        "%n%s: %.1f ms in steps, %.2f GFLOP, %.2f done, roofline %.1f ms%n",
        entry,
        all * 1e3,
        flops / 1e9,
        done / 1e9,
        bound * 1e3);
    Map<String, Double> ops = new LinkedHashMap<>();
    steps.forEach(
        (name, c) -> ops.merge(name.substring(0, name.indexOf(' ')), c.seconds, Double::sum));
    ops.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(14)
        .forEach(e -> System.out.printf(Locale.ROOT, "  %s %.1f", e.getKey(), e.getValue() * 1e3));
    System.out.println();
    steps.entrySet().stream()
        .sorted(Comparator.comparingDouble(e -> -e.getValue().seconds))
        .limit(option("rows"))
        .forEach(
            e ->
                System.out.printf(
                    Locale.ROOT,
                    "  %8.2f ms (roofline %7.2f) %3.0f %s%n",
                    e.getValue().seconds * 1e3,
                    1e3
                        * Math.max(
                            e.getValue().done / peaks.flopRate(),
                            e.getValue().bytes / peaks.byteRate()),
                    e.getValue().count,
                    e.getKey()));
  }
}
