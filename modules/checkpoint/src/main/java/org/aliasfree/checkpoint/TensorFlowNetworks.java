package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;

/**
 * Files of the TensorFlow versions of StyleGAN2 and StyleGAN2-ADA: a tuple of G, D and Gs, the
 * average of G. They are read as what the PyTorch version would hold in their place: its classes,
 * its constructor keywords, its tensor names and layouts.
 */
final class TensorFlowNetworks {
  /** The one class of these files. */
  static final String CLASS = "dnnlib.tflib.network.Network";

  /** Ends the messages about networks that are known to exist and not to fit. */
  static final String NOT_SUPPORTED =
      "networks of StyleGAN1, of StyleGAN2's configurations A to D and of ADA's comparison methods are not supported.";

  private TensorFlowNetworks() {}

  /** Whether a pickle's value is such a tuple. */
  static boolean isTriple(PickleValue.Tuple tuple) {
    List<PickleValue> items = tuple.items();
    return items.size() == 3
        && items.stream().allMatch(item -> item instanceof PickleValue.TensorFlowNetwork);
  }

  /**
   * The networks, by the names that they have in the PyTorch version. Keywords and names of
   * variables are checked now, tensors when a network is asked for.
   */
  static Map<String, Supplier<StoredNetwork>> read(
      PickleValue.Tuple tuple, long fileSize, ReadingBudget budget) {
    Map<String, Supplier<StoredNetwork>> networks = new LinkedHashMap<>();
    networks.put("G", read(tuple, 0, fileSize, state -> generator(state, budget), budget));
    networks.put("D", read(tuple, 1, fileSize, state -> discriminator(state, budget), budget));
    networks.put("G_ema", read(tuple, 2, fileSize, state -> generator(state, budget), budget));
    return networks;
  }

  private static Function<ReadingBudget, StoredNetwork> generator(
      TensorFlowState state, ReadingBudget budget) {
    TensorFlowGenerator generator = new TensorFlowGenerator(state, budget);
    return generator::stored;
  }

  private static Function<ReadingBudget, StoredNetwork> discriminator(
      TensorFlowState state, ReadingBudget budget) {
    TensorFlowDiscriminator discriminator = new TensorFlowDiscriminator(state, budget);
    return discriminator::stored;
  }

  private static Supplier<StoredNetwork> read(
      PickleValue.Tuple tuple,
      int index,
      long fileSize,
      Function<TensorFlowState, Function<ReadingBudget, StoredNetwork>> kind,
      ReadingBudget budget) {
    PickleValue.TensorFlowNetwork network =
        (PickleValue.TensorFlowNetwork) tuple.items().get(index);
    String name = List.of("G", "D", "Gs").get(index);
    try {
      Function<ReadingBudget, StoredNetwork> reader =
          kind.apply(TensorFlowState.of(network, budget));
      return () -> reader.apply(new ReadingBudget(fileSize));
    } catch (Malformed e) {
      throw new Malformed(e.offset(), "in the TensorFlow network " + name + ": " + e.reason());
    } catch (AliasFreeException e) {
      throw new Malformed(
          network.offset(), "in the TensorFlow network " + name + ": " + e.getMessage());
    }
  }
}
