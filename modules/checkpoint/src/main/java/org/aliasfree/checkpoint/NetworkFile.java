package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.file.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * A file with networks: one of NVIDIA's pickles ({@code network-snapshot-*.pkl}), also those of the
 * TensorFlow versions of StyleGAN2 and StyleGAN2-ADA, or this project's own layout in a safetensors
 * file. A snapshot holds {@code G}, {@code D} and {@code G_ema} (the average of G, which is what
 * generates), often the augmentation pipe, and settings of the training set.
 *
 * <p>Nothing in a file is run. Tensors are slices of the mapped file wherever possible; the mapping
 * lasts as long as any of them is reachable, and the file must not be cut short meanwhile.
 */
public final class NetworkFile {
  /** Official files hold 4. Each may cost as much as the whole file, as they may share it. */
  private static final int MOST_NETWORKS = 8;

  private final Path path;
  private final Map<String, Supplier<StoredNetwork>> networks;
  private final Map<String, @Nullable Object> entries;

  NetworkFile(
      Path path,
      Map<String, Supplier<StoredNetwork>> networks,
      Map<String, @Nullable Object> entries) {
    this.path = path;
    this.networks = networks;
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /**
   * Reads a file of either kind; which one is told by its content.
   *
   * @throws NetworkFileException when the file is missing, broken, of another kind, or holds no
   *     network
   */
  public static NetworkFile read(Path path) {
    return read(MappedFile.open(path));
  }

  /**
   * Reads a file that lies in memory, such as a resource of a jar. Its tensors are slices of it.
   *
   * @param name what errors call it; with the ending {@code .safetensors} it must be one
   * @throws NetworkFileException as {@link #read(Path)}
   */
  public static NetworkFile read(MemorySegment bytes, Path name) {
    if (bytes.byteSize() == 0) {
      throw new NetworkFileException(name, 0, "the file is empty.", null);
    }
    return read(new MappedFile(name, bytes));
  }

  static NetworkFile read(MappedFile file) {
    Activity load = new Activity.LoadNetwork(file.path().toString());
    try (var _ = BackendObserver.flightRecorder().begin(load)) {
      boolean named = file.path().toString().endsWith(".safetensors");
      if (named || FileSniffer.isSafetensors(file.bytes())) {
        return NetworkSafetensors.read(file.path(), SafetensorsHeader.read(file.bytes()));
      }
      return readPickle(file);
    } catch (Malformed e) {
      throw new NetworkFileException(file.path(), e);
    } catch (NetworkFileException e) {
      throw e;
    } catch (AliasFreeException e) {
      throw new NetworkFileException(file.path(), -1, String.valueOf(e.getMessage()), e);
    }
  }

  private static NetworkFile readPickle(MappedFile file) {
    ReadingBudget budget = new ReadingBudget(file.size());
    PickleValue top = PickleReader.read(file, budget);
    if (top instanceof PickleValue.Tuple tuple && TensorFlowNetworks.isTriple(tuple)) {
      return new NetworkFile(
          file.path(), TensorFlowNetworks.read(tuple, file.size(), budget), Map.of());
    }
    if (!(top instanceof PickleValue.Dict dict)) {
      throw new Malformed(
          -1,
          "the pickle holds "
              + PickleValues.kind(top)
              + "; a dict with the networks G, D and G_ema is expected, or a tuple of the TensorFlow networks G, D and Gs.");
    }
    Map<String, Supplier<StoredNetwork>> networks = new LinkedHashMap<>();
    PickleValue.Dict others = new PickleValue.Dict();
    dict.entries()
        .forEach(
            (key, value) -> {
              if (value instanceof PickleValue.PersistentObject object) {
                networks.put(
                    key.toString(), () -> ModuleWalk.of(object, new ReadingBudget(file.size())));
              } else {
                others.put(key, value);
              }
            });
    if (networks.isEmpty()) {
      List<String> keys = dict.entries().keySet().stream().limit(8).map(Object::toString).toList();
      throw new Malformed(
          -1, "the pickle holds no network; its entries are " + Quoted.bare(keys.toString()) + ".");
    }
    if (networks.size() > MOST_NETWORKS) {
      throw new Malformed(
          -1,
          "the pickle holds "
              + networks.size()
              + " networks; at most "
              + MOST_NETWORKS
              + " are accepted, and network files have 4.");
    }
    return new NetworkFile(file.path(), networks, new PlainValues(budget).map(others, -1));
  }

  /** The file, or what it is called where it is in memory. */
  public Path path() {
    return path;
  }

  /**
   * Names of the networks inside, in the order of the file; entries that are {@code None} are not
   * among them.
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(networks.keySet());
  }

  /**
   * A network.
   *
   * @param name {@code G}, {@code D}, {@code G_ema}, or {@code augment_pipe}
   * @throws NetworkFileException when the file has none of that name, or what it has cannot be read
   */
  public StoredNetwork network(String name) {
    Supplier<StoredNetwork> network = networks.get(name);
    if (network == null) {
      throw new NetworkFileException(
          path,
          -1,
          "there is no network "
              + Quoted.of(name)
              + " in the file; it has "
              + Quoted.bare(String.join(", ", names()))
              + ".",
          null);
    }
    try {
      return network.get();
    } catch (Malformed e) {
      throw new NetworkFileException(
          path, new Malformed(e.offset(), "in " + Quoted.bare(name) + ": " + e.reason()));
    } catch (NetworkFileException e) {
      throw e;
    } catch (AliasFreeException e) {
      throw failure(name, e);
    }
  }

  /**
   * What a network is rebuilt to.
   *
   * @throws NetworkFileException naming file and network, also when rebuilding fails
   */
  <T> T network(String name, Function<StoredNetwork, T> rebuild) {
    StoredNetwork stored = network(name);
    try {
      return rebuild.apply(stored);
    } catch (AliasFreeException e) {
      throw failure(name, e);
    }
  }

  private NetworkFileException failure(String name, AliasFreeException e) {
    return new NetworkFileException(path, -1, "in " + Quoted.bare(name) + ": " + e.getMessage(), e);
  }

  /** All other entries in plain form, such as {@code training_set_kwargs}. */
  public Map<String, @Nullable Object> entries() {
    return entries;
  }

  /**
   * Settings of the data set that the networks were trained on; empty when the file does not tell.
   */
  public Map<String, @Nullable Object> trainingSetKwargs() {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    if (entries.get("training_set_kwargs") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> settings.put(String.valueOf(key), value));
    }
    return settings;
  }

  /** Writes all networks and entries of this file; see {@link #write(Path, Map, Map)}. */
  public void write(Path target) {
    Map<String, StoredNetwork> all = new LinkedHashMap<>();
    for (String name : new ArrayList<>(names())) {
      all.put(name, network(name));
    }
    write(target, all, entries);
  }

  /**
   * Writes a file with networks, which {@link #read} gives back. The target's name chooses the
   * format:
   *
   * <ul>
   *   <li>{@code .pkl}: one of NVIDIA's pickles, for programs that load those. It takes G, D and
   *       G_ema, all three, and augment_pipe. Networks are written with the constructor keywords,
   *       modules and attributes that they have when rebuilt here, which are exactly those given
   *       for networks from {@link GeneratorFiles#stored} and {@link DiscriminatorFiles#stored}.
   *   <li>any other: the project's own layout in a safetensors file. It takes any networks, gives
   *       all back exactly as they were, and names tensors by network and state-dict name ({@code
   *       G_ema.mapping.fc0.weight}); the metadata entry {@code aliasfree.network} tells the rest
   *       in JSON.
   * </ul>
   *
   * <p>Nothing is written unless all can be. The same content gives the same bytes.
   *
   * @param target replaced in one step, or left as it was when writing fails
   * @param networks by name; names have no dot
   * @param entries further settings, of the kinds of {@link StoredModule}
   * @throws AliasFreeException when the target cannot be written, or the format cannot hold a
   *     network or setting
   */
  public static void write(
      Path target, Map<String, StoredNetwork> networks, Map<String, @Nullable Object> entries) {
    if (target.toString().endsWith(".pkl")) {
      AtomicFile.write(target, NetworkPickle.content(networks, entries));
    } else {
      NetworkSafetensors.content(networks, entries).write(target);
    }
  }
}
