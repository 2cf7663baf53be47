package org.aliasfree.backend.cpu.vector;

import java.util.Set;
import java.util.function.BiFunction;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.support.HostBackend;
import org.aliasfree.backend.support.HostKernels;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** cpu-vector, some of whose kernels are replaced. */
public final class SabotagedProvider implements BackendProvider {
  private final String id;
  private final BiFunction<Node, Kernel<Scratch>, @Nullable Kernel<Scratch>> spoil;

  private SabotagedProvider(
      String id, BiFunction<Node, Kernel<Scratch>, @Nullable Kernel<Scratch>> spoil) {
    this.id = id;
    this.spoil = spoil;
  }

  /** With one fault. */
  public static SabotagedProvider of(Sabotage sabotage) {
    return new SabotagedProvider("sabotaged", sabotage::spoil);
  }

  /** With a relative error of 1e-3 in one element of each result of an op. */
  public static SabotagedProvider withOneWrongElement(String op) {
    return new SabotagedProvider(
        "one-wrong-element",
        (node, right) ->
            !node.op().getClass().getSimpleName().equals(op)
                    || !node.outputs().getFirst().dtype().isFloat()
                ? null
                : new Spoiled(node, right) {
                  @Override
                  public void run(Call<Scratch> call) {
                    right.run(call);
                    if (call.wants(0)) {
                      HostTensor out = out(call);
                      long size = out.type().elements();
                      long i = size * 2 / 3;
                      for (long k = 0; k < size && out.get(i) == 0; k++) {
                        i = (i + 1) % size; // 0 would stay 0
                      }
                      out.set(i, out.get(i) * 1.001);
                    }
                  }
                });
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    return new CpuVectorProvider().probe();
  }

  @Override
  public Backend open(BackendOptions options) {
    return new HostBackend<>(id, "with a fault", new Kernels(), options);
  }

  private final class Kernels implements HostKernels<Scratch> {
    private final VectorKernels right = new VectorKernels();

    @Override
    public Set<DType> dtypes() {
      return right.dtypes();
    }

    @Override
    public boolean isNative(Op op) {
      return right.isNative(op);
    }

    @Override
    public double errorFactor(Node node) {
      return right.errorFactor(node);
    }

    @Override
    public Kernel<Scratch> kernel(Node node) {
      Kernel<Scratch> kernel = right.kernel(node);
      Kernel<Scratch> spoilt = spoil.apply(node, kernel);
      return spoilt == null ? kernel : spoilt;
    }

    @Override
    public Scratch newScratch() {
      return right.newScratch();
    }
  }
}
