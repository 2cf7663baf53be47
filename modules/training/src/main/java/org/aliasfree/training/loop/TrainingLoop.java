package org.aliasfree.training.loop;

import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.data.Batch;
import org.aliasfree.data.BatchLoader;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.data.InfiniteSampler;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.training.AdaController;
import org.aliasfree.training.EmaSchedule;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingVariables;
import org.aliasfree.training.loop.LoopOptions.Outcome;
import org.aliasfree.training.loop.TrainingState.Position;
import org.aliasfree.training.report.EventFile;
import org.aliasfree.training.report.RunLog;
import org.aliasfree.training.report.StatisticsCollector;
import org.aliasfree.training.report.StatisticsFile;
import org.aliasfree.training.report.StatusLine;

/**
 * The loop of training: iterations until enough images were shown, and at each tick what the run
 * tells and leaves. A run that was stopped anywhere and goes on ends with the same bits as one that
 * never stopped.
 */
public final class TrainingLoop implements AutoCloseable {
  private final TrainingPlan plan;
  private final TrainingSettings settings;
  private final Backend backend;
  private final Trainer trainer;
  private final ImageDataset dataset;
  private final RunFolder folder;
  private final RunLog log;
  private final LoopOptions options;
  private final StatisticsCollector statistics = new StatisticsCollector();
  private final Optional<AdaController> ada;
  private final EmaSchedule ema;
  private final Snapshots snapshots;
  private final RunImages images;
  private final TickReport report;
  private final LossReports losses;
  private final LabelSource labels;
  private Position at;

  private TrainingLoop(
      TrainingPlan plan,
      Backend backend,
      Trainer trainer,
      ImageDataset dataset,
      RunFolder folder,
      RunLog log,
      LoopOptions options,
      Optional<TrainingState> earlier) {
    this.plan = plan;
    this.backend = backend;
    this.trainer = trainer;
    this.dataset = dataset;
    this.folder = folder;
    this.log = log;
    this.options = options;
    settings = plan.settings();
    ema = plan.ema();
    ada = plan.ada();
    snapshots = new Snapshots(folder, plan, options.formats(), options.keep());
    images = new RunImages(folder, dataset, plan);
    labels = new DatasetLabels(dataset);
    losses = new LossReports(statistics, ada);
    long resumed = settings.resumeKimg() * 1000;
    at = new Position(resumed, 0, 0, resumed);
    StatisticsFile lines =
        earlier
            .map(s -> StatisticsFile.resume(folder.file(RunFolder.STATISTICS), s.statisticsLines()))
            .orElseGet(() -> StatisticsFile.create(folder.file(RunFolder.STATISTICS)));
    EventFile events =
        earlier
            .map(s -> EventFile.resume(folder.path(), s.eventRecords()))
            .orElseGet(() -> EventFile.create(folder.path(), System.currentTimeMillis() * 1e-3));
    report = new TickReport(statistics, lines, events);
    earlier.ifPresent(
        state -> {
          at = state.position();
          state.ada().ifPresent(s -> ada.orElseThrow().restore(s));
          statistics.restore(state.statistics(), lines.lastKept());
        });
  }

  /**
   * A run from its beginning: the trainer holds the networks to begin with.
   *
   * @param trainer and all else: the caller's, to be closed after this
   */
  public static TrainingLoop begin(
      TrainingPlan plan,
      Backend backend,
      Trainer trainer,
      ImageDataset dataset,
      RunFolder folder,
      RunLog log,
      LoopOptions options) {
    TrainingLoop loop =
        new TrainingLoop(plan, backend, trainer, dataset, folder, log, options, Optional.empty());
    log.println("Exporting sample images...");
    loop.images.reals();
    loop.images.fakes("fakes_init.png", trainer);
    return loop;
  }

  /** A run that goes on; the trainer holds the values of the state. */
  public static TrainingLoop resume(
      TrainingPlan plan,
      Backend backend,
      Trainer trainer,
      ImageDataset dataset,
      RunFolder folder,
      RunLog log,
      LoopOptions options,
      TrainingState state) {
    TrainingLoop loop =
        new TrainingLoop(plan, backend, trainer, dataset, folder, log, options, Optional.of(state));
    if (state.position().ticks() > 0
        && loop.isDue(settingsSnap(plan), state.position().ticks() - 1)
        && !loop.snapshots.exist(state.position().nimg())) {
      loop.snapshots.write(); // the process ended between the state and its network file
    }
    return loop;
  }

  private static int settingsSnap(TrainingPlan plan) {
    return plan.settings().schedule().snap();
  }

  /** Trains until all images were shown or the options say so. */
  public Outcome run() {
    log.println("Training for " + settings.schedule().kimg() + " kimg...");
    log.println("");
    long begin = System.nanoTime();
    InfiniteSampler sampler =
        new InfiniteSampler(InfiniteSampler.Settings.of(dataset.size(), settings.seed()));
    sampler.skipTo(at.iterations() * settings.optimizer().batch());
    try (BatchLoader loader =
        new BatchLoader(
            dataset, sampler, settings.optimizer().batch(), settings.data().workers())) {
      while (!isDone()) {
        iterate(next(loader));
        if (tickEnds()) {
          tick();
        }
        if (!isDone()) {
          Optional<Outcome> ended = ended(begin);
          if (ended.isPresent()) {
            leave(ended.get());
            return ended.get();
          }
        }
      }
    }
    log.println("");
    log.println("Exiting...");
    return Outcome.FINISHED;
  }

  private BackendObserver.Span stage(String name, String detail) {
    return ObservedBackend.observer(backend).begin(new Activity.Stage(name, detail));
  }

  private Batch next(BatchLoader loader) {
    try (var _ = stage("next minibatch", "")) {
      return loader.next();
    }
  }

  private boolean isDone() {
    return at.nimg() >= settings.schedule().kimg() * 1000;
  }

  private boolean tickEnds() {
    return isDone() || at.ticks() == 0 || at.nimg() >= tickEnd();
  }

  private long tickEnd() {
    return at.tickStartNimg() + settings.schedule().tick() * 1000L;
  }

  private double augmentP() {
    return ada.map(AdaController::p).orElseGet(plan::augmentP);
  }

  private void iterate(Batch batch) {
    int size = settings.optimizer().batch();
    trainer.setBlurred(plan.loss().blur().isOn(at.nimg()));
    DrawnInputs inputs =
        new DrawnInputs(
            trainer.training(),
            (int) settings.seed(),
            labels,
            at.nimg(),
            RealBatch.ofPixels(batch.images(), batch.labels()),
            augmentP());
    for (TrainingPhase phase : trainer.training().phases()) {
      if (phase.isDue(at.iterations())) {
        long began = System.nanoTime();
        try (var _ = stage("phase", phase.name())) {
          trainer.step(phase, settings.rounds(), at.iterations() + 1, inputs, losses);
        }
        losses.takeSpoilt().ifPresent(entry -> spoilt(phase, entry, inputs));
        report.phaseTook(phase.name(), System.nanoTime() - began);
      }
    }
    trainer.average(ema.beta(at.nimg(), size));
    at = new Position(at.nimg() + size, at.iterations() + 1, at.ticks(), at.tickStartNimg());
    ada.ifPresent(controller -> controller.endIteration(at.iterations()));
    long images = at.nimg() - at.tickStartNimg();
    options
        .progress()
        .iterated(
            at.nimg(),
            Math.min(tickEnd(), settings.schedule().kimg() * 1000),
            report.sinceTickStart() / images * 1e3);
  }

  private void spoilt(TrainingPhase phase, String entry, DrawnInputs inputs) {
    String where = "";
    for (int round = 0; round < settings.rounds() && where.isEmpty(); round++) {
      var given = inputs.of(phase, round, entry, trainer.inputTypes(entry));
      var graph = trainer.plans().get(entry);
      if (graph != null) {
        where =
            NonFinite.first(backend, trainer.store(), graph.graph(), given)
                .map(first -> " The first such number is " + first + ".")
                .orElse("");
      }
    }
    throw new AliasFreeException(
        "The loss of "
            + entry
            + " is NaN or infinite after "
            + at.nimg()
            + " images."
            + where
            + " Training cannot go on from here; continue from the last state with --resume "
            + folder.path()
            + ", or begin anew with a smaller learning rate (--glr, --dlr) or a larger --gamma.");
  }

  private boolean isDue(int interval, long tick) {
    return isDone() || tick % interval == 0;
  }

  private void tick() {
    options.progress().clear();
    log.println(report.status(at, augmentP()));
    try (var _ = stage("end of tick", Long.toString(at.ticks()))) {
      maintain();
    }
  }

  private void maintain() {
    double maintenanceBegan = report.elapsed();
    long tick = at.ticks();
    if (isDue(settings.schedule().imageSnap(), tick)) {
      byte[] png = images.fakes(RunFolder.numbered("fakes", at.nimg(), ".png"), trainer);
      report.image(at.nimg(), png);
    }
    report.write(at.nimg());
    at = new Position(at.nimg(), at.iterations(), tick + 1, at.nimg());
    boolean snapshot = isDue(settings.schedule().snap(), tick);
    if (snapshot || isDue(options.stateTicks(), tick)) {
      writeState();
    }
    if (snapshot) {
      snapshots.write();
    }
    report.beginTick(maintenanceBegan);
  }

  private void writeState() {
    report.force();
    plan.augment()
        .ifPresent(
            pipe ->
                trainer
                    .store()
                    .write(
                        TrainingVariables.in(TrainingVariables.AUGMENT, pipe.p()),
                        HostTensor.scalar(DType.F32, augmentP())));
    new TrainingState(
            settings,
            plan.facts(),
            at,
            ada.map(AdaController::state),
            statistics.state(),
            report.lines(),
            report.eventRecords())
        .write(folder.state(), trainer.store());
  }

  private Optional<Outcome> ended(long begin) {
    if (options.stop().getAsBoolean()) {
      return Optional.of(Outcome.STOPPED);
    }
    long nanos = System.nanoTime() - begin;
    return options
        .timeLimit()
        .filter(limit -> nanos >= limit.toNanos())
        .map(l -> Outcome.OUT_OF_TIME);
  }

  private void leave(Outcome outcome) {
    options.progress().clear();
    writeState();
    snapshots.write();
    log.println("");
    log.println(
        (outcome == Outcome.STOPPED ? "Stopped" : "The time limit was reached")
            + " after "
            + at.nimg()
            + " images and "
            + StatusLine.time(report.elapsed())
            + "; continue with --resume "
            + folder.path());
  }

  @Override
  public void close() {
    report.close();
  }

  /** Labels of the data set's images. */
  private record DatasetLabels(ImageDataset dataset) implements LabelSource {
    @Override
    public int size() {
      return dataset.size();
    }

    @Override
    public float[] label(int index) {
      return dataset.label(index).data().toArray(HostTensor.F32);
    }
  }
}
