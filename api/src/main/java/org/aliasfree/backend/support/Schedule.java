package org.aliasfree.backend.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.aliasfree.backend.Plan;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Source;

/**
 * What a plan has to do for a lowered graph, in order: what depends on variables and constants only
 * is prepared, the rest is done in every run. Reshaped tensors are not computed: they are the
 * memory of the tensor they were made from, their {@linkplain #root root}.
 */
public final class Schedule {
  private final Graph graph;
  private final Set<Node> invariant = new HashSet<>();
  private final List<Node> prepared = new ArrayList<>();
  private final List<Node> work = new ArrayList<>();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<Tensor, String> labels = new HashMap<>();
  private final Map<Tensor, Life> lives = new LinkedHashMap<>();

  /**
   * When the memory of a tensor is in use, counted in steps of {@link #work()}.
   *
   * @param first step that makes it; 0 for an input
   * @param last step that uses it; the number of steps for what is used when the run ends
   */
  public record Life(int first, int last) {
    Life until(int step) {
      return new Life(first, Math.max(last, step));
    }
  }

  /** Schedules a graph of which a backend runs every op itself. */
  public Schedule(Graph lowered) {
    graph = lowered;
    lowered.names().forEach((label, tensor) -> labels.putIfAbsent(root(tensor), label));
    for (Node node : lowered.nodes()) {
      boolean fixed =
          !(node.op() instanceof Source.Input)
              && node.inputs().stream().allMatch(t -> invariant.contains(t.node()));
      if (fixed) {
        invariant.add(node);
      }
      if (node.op() instanceof Source.Input input) {
        inputs.put(input.inputName(), node.outputs().getFirst());
      } else if (!(node.op() instanceof Source.Read) && !isAlias(node)) {
        (fixed ? prepared : work).add(node);
      }
    }
    live();
  }

  private void live() {
    int end = work.size();
    inputs.values().forEach(input -> lives.put(input, new Life(0, end)));
    for (int at = 0; at < end; at++) {
      for (Tensor in : work.get(at).inputs()) {
        use(in, at);
      }
      for (Tensor out : work.get(at).outputs()) {
        lives.put(out, new Life(at, -1));
      }
    }
    graph.outputs().values().forEach(t -> use(t, end));
    graph.assignments().values().forEach(t -> use(t, end));
    lives.values().removeIf(life -> life.last() < 0);
  }

  private void use(Tensor tensor, int at) {
    lives.computeIfPresent(root(tensor), (t, life) -> life.until(at));
  }

  /** Whether a node's output is its input's memory. */
  private static boolean isAlias(Node node) {
    return node.op() instanceof Movement.Reshape || node.op() instanceof Elementwise.StopGradient;
  }

  /** The tensor whose memory a tensor is. */
  public static Tensor root(Tensor tensor) {
    Tensor root = tensor;
    while (isAlias(root.node())) {
      root = root.node().inputs().getFirst();
    }
    return root;
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /** What is computed once for each value of the variables, in order. */
  public List<Node> prepared() {
    return Collections.unmodifiableList(prepared);
  }

  /** What is computed in every run, in order. */
  public List<Node> work() {
    return Collections.unmodifiableList(work);
  }

  /** The tensors that are bound, by name. */
  public Map<String, Tensor> inputs() {
    return Collections.unmodifiableMap(inputs);
  }

  /** Whether a tensor depends on variables and constants only. */
  public boolean isInvariant(Tensor tensor) {
    return invariant.contains(tensor.node());
  }

  /**
   * The tensors that every run needs memory for, and when: inputs, and those results of {@link
   * #work()} that anyone uses. All are roots.
   */
  public Map<Tensor, Life> lives() {
    return Collections.unmodifiableMap(lives);
  }

  /** Whether a result is used by anyone: of what is prepared everything is. */
  public boolean isWanted(Tensor tensor) {
    return isInvariant(tensor) || lives.containsKey(root(tensor));
  }

  /**
   * What plans tell of their steps.
   *
   * @param flops operations that the backend really does for a node
   */
  public Map<Node, Plan.Step> steps(ToLongFunction<Node> flops) {
    Map<Node, Plan.Step> steps = new LinkedHashMap<>();
    Set<Node> computed = new HashSet<>(prepared);
    computed.addAll(work);
    for (Node node : graph.nodes()) {
      if (computed.contains(node)) {
        steps.put(node, step(node, flops.applyAsLong(node)));
      }
    }
    return steps;
  }

  private Plan.Step step(Node node, long flops) {
    Tensor first = node.outputs().getFirst();
    Predicate<Tensor> wanted = this::isWanted;
    return new Plan.Step(
        node.op().name(),
        labels.getOrDefault(first, ""),
        node.inputs().stream().map(Tensor::type).toList(),
        node.outputs().stream()
            .filter(t -> t.equals(first) || wanted.test(t))
            .map(Tensor::type)
            .toList(),
        isInvariant(first),
        Workload.of(node, wanted),
        flops);
  }
}
