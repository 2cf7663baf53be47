package org.aliasfree.training.loop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.checkpoint.AugmentPipeFiles;
import org.aliasfree.checkpoint.DiscriminatorFiles;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.training.TrainingVariables;
import org.jspecify.annotations.Nullable;

/** The network files of a run, each made from the state that was written before it. */
final class Snapshots {
  private final RunFolder folder;
  private final TrainingPlan plan;
  private final Set<SnapshotFormat> formats;
  private final int keep;

  /**
   * Snapshots into a folder.
   *
   * @param keep so many of different age remain; 0 for all
   */
  Snapshots(RunFolder folder, TrainingPlan plan, Set<SnapshotFormat> formats, int keep) {
    this.folder = folder;
    this.plan = plan;
    this.formats = formats;
    this.keep = keep;
  }

  /** The files of this many images. */
  private List<Path> files(long nimg) {
    return formats.stream()
        .map(f -> folder.file(RunFolder.numbered("network-snapshot-", nimg, f.suffix())))
        .toList();
  }

  /** Whether all files of this many images are there. */
  boolean exist(long nimg) {
    return files(nimg).stream().allMatch(Files::exists);
  }

  /** Writes the networks of the state that the folder has, and takes away old ones. */
  void write() {
    TrainingState.Stored stored = TrainingState.read(folder.state());
    Generator generator = plan.generator();
    Discriminator discriminator = plan.discriminator();
    Map<String, StoredNetwork> networks = new LinkedHashMap<>();
    networks.put("G", generator(stored, generator, TrainingVariables.G));
    networks.put(
        "D",
        DiscriminatorFiles.stored(
            new DiscriminatorNetwork(
                discriminator, tensors(stored, discriminator.variables(), TrainingVariables.D))));
    networks.put("G_ema", generator(stored, generator, TrainingVariables.G_EMA));
    plan.augment()
        .ifPresent(
            pipe ->
                networks.put(
                    AugmentPipeFiles.NAME,
                    AugmentPipeFiles.stored(
                        new LinkedHashMap<>(
                            OfficialOptions.augmentKeywords(plan.settings().augment().pipe())),
                        tensors(stored, pipe.variables(), TrainingVariables.AUGMENT))));
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    entries.put("training_set_kwargs", OfficialOptions.trainingSet(plan));
    for (Path file : files(stored.state().position().nimg())) {
      NetworkFile.write(file, networks, entries);
    }
    folder.prune(keep);
  }

  private static StoredNetwork generator(
      TrainingState.Stored stored, Generator generator, String scope) {
    return GeneratorFiles.stored(
        new GeneratorNetwork(generator, tensors(stored, generator.variables(), scope)));
  }

  private static Map<String, HostTensor> tensors(
      TrainingState.Stored stored, List<NetworkVariable> variables, String scope) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (NetworkVariable v : variables) {
      String name = v.variable().name();
      tensors.put(name, Objects.requireNonNull(stored.values().get(scope + name), name));
    }
    return tensors;
  }
}
