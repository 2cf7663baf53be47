package org.aliasfree.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasfree.AliasFreeException;
import org.aliasfree.benchmarks.KernelCase.Argument;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Ops as they stand in the graphs of the official configurations, and in the gradients of these.
 * Layers are named {@code t-256/L8}: a configuration and the number of a synthesis layer.
 */
final class NetworkCases {
  private record Network(Graph graph, Map<String, NetworkVariable> variables) {}

  private static final Map<String, Network> NETWORKS = new ConcurrentHashMap<>();

  /** Bytes of numbers that are drawn. */
  private static final int BLOCK = 1 << 20;

  private NetworkCases() {}

  /** The modulated convolution of a layer. */
  static KernelCase convolution(String layer) {
    return of(layer, convolutionNode(layer), 1);
  }

  /** The non-linearity of a layer, without the sign map. */
  static KernelCase filteredLrelu(String layer) {
    return of(layer, filteredNode(layer), 1);
  }

  /** The largest op of a kind in the gradient of a layer's convolution. */
  static KernelCase convolutionGradient(String layer, Class<? extends Op> kind) {
    return of(layer, gradient(convolutionNode(layer), List.of(0, 1), kind), 1);
  }

  /** The op that takes the gradient of a layer's non-linearity back. */
  static KernelCase filteredGradient(String layer) {
    return of(layer, gradient(filteredNode(layer), List.of(0), Fused.SignedFilter.class), 1);
  }

  private static Network network(String config) {
    return NETWORKS.computeIfAbsent(
        config,
        name -> {
          StyleGan3Generator generator = new StyleGan3Generator(StyleGan3Config.preset(name));
          Map<String, NetworkVariable> variables = new HashMap<>();
          generator.variables().forEach(v -> variables.put(v.variable().name(), v));
          return new Network(generator.generate(1, Precision.F32), variables);
        });
  }

  private static String config(String layer) {
    return layer.substring(0, layer.indexOf('/'));
  }

  private static Node filteredNode(String layer) {
    String prefix = "synthesis." + layer.substring(layer.indexOf('/') + 1) + "_";
    return network(config(layer)).graph().names().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(entry -> entry.getValue().node())
        .filter(node -> node.op() instanceof Fused.FilteredLrelu)
        .findFirst()
        .orElseThrow(() -> new AliasFreeException("There is no layer " + layer + "."));
  }

  private static Node convolutionNode(String layer) {
    Node node = filteredNode(layer).inputs().getFirst().node();
    if (!(node.op() instanceof Fused.ModulatedConv2d)) {
      throw new AliasFreeException("The layer " + layer + " does not begin with a convolution.");
    }
    return node;
  }

  private static Node gradient(Node node, List<Integer> in, Class<? extends Op> kind) {
    Tensor y = node.outputs().getFirst();
    List<Tensor> inputs = in.stream().map(node.inputs()::get).toList();
    Graph.Builder graph = Graph.builder();
    int i = 0;
    for (Tensor dx : Gradients.of(y, Ops.input("dy", y.type())).wrt(inputs)) {
      graph.output("dx" + i++, dx);
    }
    return graph.build().nodes().stream()
        .filter(n -> kind.isInstance(n.op()))
        .max(Comparator.comparingLong(n -> Workload.of(n).flops()))
        .orElseThrow(
            () -> new AliasFreeException("The gradient of " + node + " has no such op: " + kind));
  }

  private static KernelCase of(String layer, Node node, int outputs) {
    Map<String, NetworkVariable> variables = network(config(layer)).variables();
    List<Argument> arguments =
        node.inputs().stream().map(input -> argument(input, variables)).toList();
    return new KernelCase(node.op(), arguments, outputs);
  }

  /** Filters keep their taps: how fast a filter is can depend on them. */
  private static Argument argument(Tensor input, Map<String, NetworkVariable> variables) {
    return switch (input.node().op()) {
      case Source.Read read -> {
        NetworkVariable variable =
            Objects.requireNonNull(variables.get(read.variable().name()), "a variable");
        yield variable.trainable()
            ? Argument.weight(input.type())
            : Argument.value(variable.initialValue(0));
      }
      case Source.Fill fill -> Argument.value(filled(fill));
      default -> Argument.bound(input.type());
    };
  }

  private static HostTensor filled(Source.Fill fill) {
    HostTensor value = HostTensor.allocate(fill.type());
    for (long i = 0; i < fill.type().elements(); i++) {
      value.set(i, fill.value());
    }
    return value;
  }

  /**
   * A tensor of small numbers, the same block again and again; of sign maps, codes for the slopes
   * of 1 and 0.2.
   */
  static HostTensor draw(TensorType type, long seed) {
    Random random = new Random(seed);
    byte[] block = new byte[BLOCK];
    random.nextBytes(block);
    if (type.dtype() == DType.U8) {
      for (int i = 0; i < BLOCK; i++) {
        block[i] &= 0x55;
      }
    } else {
      MemorySegment numbers = MemorySegment.ofArray(block);
      for (int i = 0; i < BLOCK; i += Float.BYTES) {
        numbers.set(HostTensor.F32, i, random.nextFloat() - 0.5f);
      }
    }
    HostTensor value = HostTensor.allocate(type);
    for (long at = 0; at < type.bytes(); at += BLOCK) {
      long length = Math.min(BLOCK, type.bytes() - at);
      MemorySegment.copy(MemorySegment.ofArray(block), 0, value.data(), at, length);
    }
    return value;
  }

  /** The value of an argument. */
  static HostTensor value(Argument argument, int index) {
    Optional<HostTensor> given = argument.value();
    return given.orElseGet(() -> draw(argument.type(), index));
  }
}
