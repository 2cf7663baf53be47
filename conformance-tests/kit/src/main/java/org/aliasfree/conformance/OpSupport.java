package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.aliasfree.backend.Backend;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** Which op runs natively on which backend in which element type, as a page of documentation. */
public final class OpSupport {
  /** Cases looked at for each op: attributes may decide. */
  private static final int CASES = 60;

  private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.F64);

  private OpSupport() {}

  /** The page, for these open backends. */
  public static List<String> page(List<Backend> backends) {
    SequencedMap<String, Backend> named = new LinkedHashMap<>();
    backends.forEach(backend -> named.put(backend.id(), backend));
    return page(named);
  }

  /** The page, for open backends by the names that are to be written. */
  static List<String> page(SequencedMap<String, Backend> backends) {
    List<String> lines = new ArrayList<>();
    lines.add("# Ops and backends");
    lines.add("");
    lines.add(
        "`./aliasfree conformance --mode support` prints it for the backends of a machine; a test holds"
            + " it current. *native*: the backend runs the op itself; *lowered*: it runs the op's definition; *partly*: that depends"
            + " on attributes; –: it has not the element type.");
    lines.add("");
    StringBuilder head = new StringBuilder("| op | core |");
    StringBuilder rule = new StringBuilder("|---|---|");
    for (String backend : backends.keySet()) {
      for (DType type : TYPES) {
        head.append(' ').append(backend).append(' ').append(type.label()).append(" |");
        rule.append("---|");
      }
    }
    lines.add(head.toString());
    lines.add(rule.toString());
    for (Class<?> op : OpClasses.all()) {
      lines.add(row(op, backends.values()));
    }
    return lines;
  }

  private static String row(Class<?> op, Collection<Backend> backends) {
    StringBuilder line = new StringBuilder("| " + op.getSimpleName() + " | ");
    line.append(word(examples(op, DType.F32).stream().map(Op::isCore).toList(), "yes", "no"));
    for (Backend backend : backends) {
      for (DType type : TYPES) {
        line.append(" | ").append(support(op, type, backend));
      }
    }
    return line.append(" |").toString();
  }

  private static String support(Class<?> op, DType type, Backend backend) {
    return backend.dtypes().contains(type)
        ? word(examples(op, type).stream().map(backend::isNative).toList(), "native", "lowered")
        : "–";
  }

  private static String word(List<Boolean> answers, String yes, String no) {
    Set<Boolean> different = new LinkedHashSet<>(answers);
    return different.size() > 1 ? "partly" : different.contains(true) ? yes : no;
  }

  /** The op with different attributes. */
  private static List<Op> examples(Class<?> op, DType type) {
    String name = op.getSimpleName();
    TensorType vector = TensorType.of(type, 2);
    if (!CaseGenerators.names().contains(name)) {
      return switch (name) {
        case "Input" -> List.of(new Source.Input("x", vector));
        case "Read" -> List.of(new Source.Read(new Variable("x", vector)));
        case "Constant" -> List.of(new Source.Constant(HostTensor.allocate(vector)));
        default -> throw new IllegalStateException("there are no cases of " + name);
      };
    }
    Random random = new Random(1);
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      Node node = CaseGenerators.of(name, type, random).node();
      ops.add(node.op());
    }
    return ops;
  }
}
