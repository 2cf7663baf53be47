package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.op.ShapeException;
import org.aliasfree.tensor.HostTensor;

/** A kernel that does what another does, before something is spoilt. */
class Spoiled implements Kernel<Scratch> {
  private final Node node;
  private final Kernel<Scratch> right;

  Spoiled(Node node, Kernel<Scratch> right) {
    this.node = node;
    this.right = right;
  }

  /** Elements of the first output. */
  interface Region {
    boolean has(long element, long column);
  }

  @Override
  public void run(Call<Scratch> call) {
    right.run(call);
  }

  @Override
  public List<Packing<Scratch>> packings() {
    return right.packings();
  }

  HostTensor out(Call<Scratch> call) {
    return new HostTensor(node.outputs().getFirst().type(), call.out(0));
  }

  HostTensor copy(Call<Scratch> call) {
    HostTensor copy = HostTensor.allocate(node.outputs().getFirst().type());
    copy.data().copyFrom(call.out(0));
    return copy;
  }

  /** Computes part of the result with a wrong op. */
  Kernel<Scratch> replacing(Op wrong, Region region) {
    Node other;
    try {
      other = Node.of(wrong, node.inputs());
    } catch (ShapeException e) {
      return this;
    }
    if (!other.outputs().getFirst().type().equals(node.outputs().getFirst().type())) {
      return this;
    }
    Kernel<Scratch> kernel = new VectorKernels().kernel(other);
    return new Spoiled(node, right) {
      @Override
      public void run(Call<Scratch> call) {
        right.run(call);
        if (call.wants(0)) {
          HostTensor spoilt = HostTensor.allocate(node.outputs().getFirst().type());
          List<Object> packed = new ArrayList<>();
          for (Packing<Scratch> p : kernel.packings()) {
            packed.add(p.packer().pack(call.in(p.input()), call).value());
          }
          kernel.run(new Redirected(call, Map.of(), Map.of(0, spoilt.data()), packed));
          long width = spoilt.shape().rank() == 0 ? 1 : spoilt.shape().dim(-1);
          HostTensor out = out(call);
          for (long i = 0; i < spoilt.type().elements(); i++) {
            if (region.has(i, i % width)) {
              out.set(i, spoilt.get(i));
            }
          }
        }
      }
    };
  }

  /**
   * A call with some of its memory elsewhere; outputs that are elsewhere are the only ones wanted.
   */
  record Redirected(
      Call<Scratch> call,
      Map<Integer, MemorySegment> ins,
      Map<Integer, MemorySegment> outs,
      List<Object> repacked)
      implements Call<Scratch> {
    Redirected(
        Call<Scratch> call, Map<Integer, MemorySegment> ins, Map<Integer, MemorySegment> outs) {
      this(call, ins, outs, List.of());
    }

    @Override
    public MemorySegment in(int i) {
      return ins.containsKey(i) ? Objects.requireNonNull(ins.get(i)) : call.in(i);
    }

    @Override
    public MemorySegment out(int i) {
      return outs.containsKey(i) ? Objects.requireNonNull(outs.get(i)) : call.out(i);
    }

    @Override
    public boolean wants(int i) {
      return outs.isEmpty() ? call.wants(i) : outs.containsKey(i);
    }

    @Override
    public Object packed(int i) {
      return repacked.isEmpty() ? call.packed(i) : repacked.get(i);
    }

    @Override
    public void parallel(int tasks, Task<Scratch> task) {
      call.parallel(tasks, task);
    }
  }
}
