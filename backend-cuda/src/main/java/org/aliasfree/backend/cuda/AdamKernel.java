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
    int blocks =
        Math.toIntExact(nodes.stream().mapToLong(n -> Math.ceilDiv(elements(n), FOR_BLOCK)).sum());
    if (blocks == 0) {
      return;
    }
    byte[] parameters = new byte[nodes.size() * PARAMETER_BYTES];
    byte[] starts = new byte[blocks * BLOCK_BYTES];
    fill(at, buffer(parameters), buffer(starts));
    Arguments arguments =
        new Arguments().address(launches.table(parameters)).address(launches.table(starts));
    launches.launch("adam_steps", blocks, 1, 1, THREADS, 0, arguments);
  }

  private void fill(Operands at, ByteBuffer parameters, ByteBuffer starts) {
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
      for (long start = 0; start < count; start += FOR_BLOCK) {
        starts.putInt(number).putInt((int) start);
      }
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
