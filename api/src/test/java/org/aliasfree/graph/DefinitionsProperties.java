package org.aliasfree.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;

/** Definitions of all ops on random shapes and attributes. */
class DefinitionsProperties {

  @Property(tries = 40, seed = "4")
  void definitionsAgreeWithPlainLoops(@ForAll long seed) {
    for (Class<? extends Op> op : OpCases.ops()) {
      OpCases.Case c = OpCases.of(op, new Random(seed));
      List<double[]> expected = NaiveOps.outputs(c);
      if (!expected.isEmpty()) {
        Node node = Node.of(c.op(), c.inputs());
        List<double[]> actual = CoreInterpreter.evaluate(node.outputs(), c.values());
        for (int i = 0; i < expected.size(); i++) {
          assertThat(actual.get(i))
              .as("output %d of %s by %s, seed %d", i, node, c.op(), seed)
              .usingComparatorWithPrecision(1e-9)
              .containsExactly(expected.get(i));
        }
      }
    }
  }

  @Property(tries = 20, seed = "5")
  void definitionsHaveTheTypesThatTheOpInfers(@ForAll long seed) {
    for (DType dtype : List.of(DType.F16, DType.F32, DType.F64)) {
      for (Class<? extends Op> op : OpCases.ops()) {
        OpCases.Case c = OpCases.of(op, new Random(seed));
        if (!c.op().isCore()) {
          List<Tensor> inputs =
              c.inputs().stream()
                  .map(t -> t.dtype() == DType.F64 ? Ops.input("x", t.type().withDType(dtype)) : t)
                  .toList();
          List<TensorType> types = inputs.stream().map(Tensor::type).toList();
          assertThat(Definitions.of(c.op(), inputs).stream().map(Tensor::type).toList())
              .as("%s of %s", c.op(), types)
              .isEqualTo(c.op().infer(types));
        }
      }
    }
  }
}
