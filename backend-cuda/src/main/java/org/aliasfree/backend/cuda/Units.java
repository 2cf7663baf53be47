package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.aliasfree.backend.support.Schedule;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Reduction;

/**
 * Cuts the work of a graph into units: chains of elementwise ops and sums of products are computed
 * without storing what is between, and all steps of an optimiser at once. Casts from f16 to f32 are
 * part of every unit that reads them, where all readers can do without.
 */
final class Units {
  private final Schedule schedule;
  private final Map<Tensor, Integer> uses = new HashMap<>();
  private final List<List<Node>> groups = new ArrayList<>();
  private final Map<Node, Integer> groupOf = new HashMap<>();
  private final Set<Node> seenThrough = new HashSet<>();

  private Units(Schedule schedule) {
    this.schedule = schedule;
    for (Node node : schedule.work()) {
      count(node);
    }
    // What is read when the run ends has to be stored.
    schedule.graph().outputs().values().forEach(this::keep);
    schedule.graph().assignments().values().forEach(this::keep);
    seeThroughCasts();
  }

  private void count(Node node) {
    node.inputs().stream()
        .map(Schedule::root)
        .distinct()
        .forEach(t -> uses.merge(t, 1, Integer::sum));
  }

  /** A cast that the only reader of its input's chain reads stays: it becomes part of the chain. */
  private void seeThroughCasts() {
    Map<Tensor, Integer> readable = new HashMap<>();
    for (Node node : schedule.work()) {
      if (node.op() instanceof Elementwise || node.op() instanceof Reduction.Reduce) {
        node.inputs().stream().distinct().forEach(t -> readable.merge(t, 1, Integer::sum));
      }
    }
    for (Node node : schedule.work()) {
      Tensor result = node.outputs().getFirst();
      int readers = uses.getOrDefault(result, 0);
      if (WidenedHalves.isWidening(node) && readers == readable.getOrDefault(result, 0)) {
        Tensor source = Schedule.root(node.inputs().getFirst());
        boolean inChain =
            source.node().op() instanceof Elementwise && uses.getOrDefault(source, 0) == 1;
        if (readers > 1 || (readers == 1 && !inChain)) {
          seenThrough.add(node);
          uses.merge(source, readers - 1, Integer::sum);
        }
      }
    }
  }

  private void keep(Tensor tensor) {
    uses.put(Schedule.root(tensor), Integer.MAX_VALUE / 2);
  }

  /** Units that compute what is done in every run, in order. */
  static List<Unit> of(Schedule schedule, Target target) {
    Units units = new Units(schedule);
    units.group();
    return units.ordered().stream().map(group -> unit(group, target)).toList();
  }

  private static Unit unit(List<Node> group, Target target) {
    Node first = group.getFirst();
    if (group.size() == 1) {
      return new Unit(group, OpKernels.of(first, target));
    }
    OpKernel kernel =
        switch (group.getLast().op()) {
          case Fused.AdamStep a -> AdamKernel.ofAll(group);
          case Reduction.Reduce r -> ReductionKernels.of(group);
          default -> ElementwiseChain.of(group);
        };
    return new Unit(group, kernel);
  }

  private void group() {
    for (Node node : schedule.work()) {
      if (seenThrough.contains(node)) {
        continue;
      }
      int group = joins(node);
      if (group < 0) {
        group = groups.size();
        groups.add(new ArrayList<>());
      }
      groups.get(group).add(node);
      groupOf.put(node, group);
    }
    groups.replaceAll(this::withCasts);
  }

  private List<Node> withCasts(List<Node> group) {
    Set<Node> all = new LinkedHashSet<>();
    for (Node node : group) {
      node.inputs().stream().map(Tensor::node).filter(seenThrough::contains).forEach(all::add);
    }
    all.addAll(group);
    return List.copyOf(all);
  }

  /** The group that a node can be added to; −1 for none. */
  private int joins(Node node) {
    if (node.op() instanceof Fused.AdamStep) {
      return find(node, other -> other.op() instanceof Fused.AdamStep);
    }
    if (node.op() instanceof Reduction.Reduce) {
      Tensor root = Schedule.root(node.inputs().getFirst());
      Integer group = groupOf.get(root.node());
      return group != null
              && groups.get(group).size() == 1
              && Objects.equals(uses.get(root), 1)
              && ReductionKernels.isSumOfProducts(root.node(), node)
          ? group
          : -1;
    }
    if (node.op() instanceof Elementwise) {
      for (Tensor input : node.inputs()) {
        Tensor root = Schedule.root(input);
        Integer group = groupOf.get(root.node());
        if (group != null
            && root.node().op() instanceof Elementwise
            && Objects.equals(uses.get(root), 1)
            && groups.get(group).getLast().equals(root.node())
            && ElementwiseChain.canFollow(groups.get(group), node)) {
          return group;
        }
      }
    }
    return -1;
  }

  private int find(Node node, Predicate<Node> first) {
    for (int i = 0; i < groups.size(); i++) {
      if (first.test(groups.get(i).getFirst()) && !dependsOn(node, groups.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a node needs, by whatever way, a result of these. */
  private static boolean dependsOn(Node node, List<Node> others) {
    Set<Node> seen = new HashSet<>();
    List<Node> todo = new ArrayList<>(List.of(node));
    while (!todo.isEmpty()) {
      for (Tensor input : todo.removeLast().inputs()) {
        if (others.contains(input.node())) {
          return true;
        }
        if (seen.add(input.node())) {
          todo.add(input.node());
        }
      }
    }
    return false;
  }

  /** The groups, each after those that it reads, else in the order of their last nodes. */
  private List<List<Node>> ordered() {
    Map<Node, Integer> position = new HashMap<>();
    schedule.work().forEach(n -> position.put(n, position.size()));
    List<Set<Integer>> waitsFor = new ArrayList<>();
    List<Set<Integer>> readBy = new ArrayList<>();
    groups.forEach(g -> waitsFor.add(new HashSet<>()));
    groups.forEach(g -> readBy.add(new HashSet<>()));
    PriorityQueue<Integer> ready =
        new PriorityQueue<>(
            java.util.Comparator.comparing(
                (Integer g) -> Objects.requireNonNull(position.get(groups.get(g).getLast()))));
    for (int g = 0; g < groups.size(); g++) {
      for (Node node : groups.get(g)) {
        for (Tensor input : node.inputs()) {
          Integer source = groupOf.get(Schedule.root(input).node());
          if (source != null && source != g) {
            waitsFor.get(g).add(source);
            readBy.get(source).add(g);
          }
        }
      }
      if (waitsFor.get(g).isEmpty()) {
        ready.add(g);
      }
    }
    List<List<Node>> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      order.add(groups.get(next));
      for (int reader : readBy.get(next)) {
        waitsFor.get(reader).remove(next);
        if (waitsFor.get(reader).isEmpty()) {
          ready.add(reader);
        }
      }
    }
    if (order.size() != groups.size()) {
      throw new IllegalStateException("units that wait for each other: " + groups);
    }
    return order;
  }
}
