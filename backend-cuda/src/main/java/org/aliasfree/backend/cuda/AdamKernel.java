package org.aliasfree.backend.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.aliasfree.graph.Node;

/** Steps of Adam, by one launch for any number of parameters. */
final class AdamKernel implements OpKernel {
  private static final int THREADS = 256;
  private static final int FOR_BLOCK = 1024; // elements
  private static final int PARAMETER_BYTES = 72;
  private static final int BLOCK_BYTES = 8;
  private static final int INPUTS = 5;
  private static final int OUTPUTS = 3;

  private final List<Node> nodes;

  private AdamKernel(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** The step of one parameter. */
  static OpKernel of(Node node) {
    return new AdamKernel(List.of(node));
  }

  /** The steps of parameters that do not depend on each other. */
  static OpKernel ofAll(List<Node> nodes) {
    return new AdamKernel(nodes);
  }

  private static long elements(Node node) {
    return node.outputs().getFirst().type().elements();
  }

  @Override
  public void launch(Operands at, Launches launches) {
    ByteBuffer parameters = buffer(nodes.size() * (long) PARAMETER_BYTES);
    long blocks = nodes.stream().mapToLong(n -> Math.ceilDiv(elements(n), FOR_BLOCK)).sum();
    ByteBuffer starts = buffer(blocks * BLOCK_BYTES);
    if (blocks == 0) {
      return;
    }
    for (int number = 0; number < nodes.size(); number++) {
      Node node = nodes.get(number);
      for (int i = 0; i < INPUTS; i++) {
        parameters.putLong(at.of(node.inputs().get(i)));
      }
      for (int i = 0; i < OUTPUTS; i++) {
        boolean wanted = at.wanted().test(node.outputs().get(i));
        parameters.putLong(wanted ? at.of(node.outputs().get(i)) : 0);
      }
      int count = Math.toIntExact(elements(node));
      parameters.putInt(count).putInt(Arguments.number(node.outputs().getFirst().dtype()));
      for (int start = 0; start < count; start += FOR_BLOCK) {
        starts.putInt(number).putInt(start);
      }
    }
    Arguments arguments =
        new Arguments()
            .address(launches.table(parameters.array()))
            .address(launches.table(starts.array()));
    launches.launch("adam_steps", blocks, 1, 1, THREADS, 0, arguments);
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }
}
