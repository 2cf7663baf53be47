package org.aliasfree.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.aliasfree.backend.Backend;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.loop.GradientReduction;
import org.aliasfree.training.loop.LoopOptions;
import org.aliasfree.training.loop.MemoryNeed;
import org.aliasfree.training.loop.RunFolder;
import org.aliasfree.training.loop.Trainer;
import org.aliasfree.training.loop.TrainingLoop;
import org.aliasfree.training.loop.TrainingPlan;
import org.aliasfree.training.loop.TrainingSettings;
import org.aliasfree.training.loop.TrainingState;
import org.aliasfree.training.loop.Transfer;
import org.aliasfree.training.report.RunLog;

/**
 * A run of training with all that it takes, and what it tells people before the first iteration.
 *
 * @param training the graphs of the plan
 * @param folder of the run, which need not exist yet
 */
record TrainRun(
    Console console,
    TrainingPlan plan,
    TrainingProgram training,
    ImageDataset dataset,
    Backend backend,
    RunFolder folder,
    LoopOptions options) {

  /** Prints what is going to be done. */
  void announce() {
    TrainingSettings settings = plan.settings();
    console.line("");
    console.line("Training options:");
    console.line(plan.optionsJson(folder));
    console.line("");
    for (List<String> row :
        List.of(
            List.of("Output directory:", folder.path().toString()),
            List.of("Number of GPUs:", Integer.toString(settings.gpus())),
            List.of("Batch size:", settings.optimizer().batch() + " images"),
            List.of("Training duration:", settings.schedule().kimg() + " kimg"),
            List.of("Dataset path:", settings.data().path()),
            List.of("Dataset size:", plan.facts().images() + " images"),
            List.of("Dataset resolution:", Integer.toString(plan.facts().resolution())),
            List.of("Dataset labels:", python(settings.data().cond())),
            List.of("Dataset x-flips:", python(settings.data().mirror())))) {
      console.line(String.format("%-20s %s", row.getFirst(), Console.oneLine(row.getLast())));
    }
    console.line("");
  }

  private static String python(boolean value) {
    return value ? "True" : "False";
  }

  /**
   * Trains from the beginning.
   *
   * @param transfer network file with the weights to begin with
   */
  void begin(Optional<Path> transfer) {
    MemoryNeed.requireVariables(training);
    // What can fail from the beginning does so before there is a folder.
    try (Trainer trainer = trainer()) {
      plan.initialize(trainer);
      Optional<Transfer> taken =
          transfer.map(file -> Transfer.copy(file, trainer.training(), trainer.store()));
      console.line("Creating output directory...");
      folder.create();
      AtomicFile.write(
          folder.file(RunFolder.OPTIONS),
          plan.optionsJson(folder).getBytes(StandardCharsets.UTF_8));
      try (RunLog log = RunLog.open(folder.file(RunFolder.LOG), console.out())) {
        describeData(log);
        log.println("Constructing networks...");
        transfer.ifPresent(file -> log.println("Resuming from \"" + file + "\""));
        taken.ifPresent(t -> t.report().forEach(log::println));
        ModuleTable.of(
                trainer.training().generator(),
                trainer.training().discriminator(),
                plan.settings().optimizer().batchGpu())
            .forEach(log::println);
        describePhases(log);
        describeBackend(log, trainer);
        try (TrainingLoop loop =
            TrainingLoop.begin(plan, backend, trainer, dataset, folder, log, options)) {
          loop.run();
        }
      }
    }
  }

  /** Trains on from a state. */
  void resume(TrainingState.Stored stored) {
    MemoryNeed.requireVariables(training);
    folder.removeUnfinished();
    try (RunLog log = RunLog.open(folder.file(RunFolder.LOG), console.out())) {
      log.println(
          "Continuing "
              + folder.path()
              + " after "
              + stored.state().position().nimg()
              + " images.");
      describeData(log);
      try (Trainer trainer = trainer()) {
        describeBackend(log, trainer);
        TrainingState.restore(folder.state(), stored.values(), trainer.store());
        try (TrainingLoop loop =
            TrainingLoop.resume(
                plan, backend, trainer, dataset, folder, log, options, stored.state())) {
          loop.run();
        }
      }
    }
  }

  private void describeData(RunLog log) {
    log.println("Loading training set...");
    log.println("");
    log.println("Num images:  " + dataset.size());
    int size = dataset.resolution();
    log.println("Image shape: [" + dataset.channels() + ", " + size + ", " + size + "]");
    log.println("Label shape: [" + dataset.labelDim() + "]");
    log.println("");
  }

  private void describePhases(RunLog log) {
    if (plan.augment().isPresent()) {
      log.println("Setting up augmentation...");
    }
    log.println("Distributing across " + plan.settings().gpus() + " GPUs...");
    log.println("Setting up training phases...");
  }

  private void describeBackend(RunLog log, Trainer trainer) {
    log.println("Backend: " + backend.description());
    log.println(MemoryNeed.of(trainer).text());
  }

  private Trainer trainer() {
    Trainer trainer =
        new Trainer(backend, training, GradientReduction.NONE, plan.isBlurredAtFirst());
    try {
      MemoryNeed.of(trainer).require(plan.settings().optimizer().batchGpu());
      return trainer;
    } catch (RuntimeException e) {
      trainer.close();
      throw e;
    }
  }
}
