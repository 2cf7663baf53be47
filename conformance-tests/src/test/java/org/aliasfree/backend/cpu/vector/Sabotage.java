package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** A fault of one op, seen only beyond one tile, in one gradient, or the second time. */
@SuppressWarnings("ImmutableEnumChecker") // some faults remember what they did
public enum Sabotage {
  /** A convolution is padded wrongly from column 32 on. */
  WRONG_PADDING("Conv2d") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Linear.Conv2d c)) {
        return null;
      }
      ConvGeometry g = c.geometry();
      Op wrong =
          new Linear.Conv2d(
              new ConvGeometry(
                  g.strideY(),
                  g.strideX(),
                  g.top(),
                  g.bottom(),
                  g.left() + 1,
                  g.right() - 1,
                  g.dilationY(),
                  g.dilationX(),
                  g.groups()));
      return new Spoiled(node, right).replacing(wrong, (i, column) -> column >= 32);
    }
  },
  /** One column of a filtered image, the first of the second tile, comes from its neighbour. */
  OFF_BY_ONE_TILE_EDGE("Upfirdn2d") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Resampling.Upfirdn2d u)) {
        return null;
      }
      FirGeometry g = u.geometry();
      Op wrong =
          new Resampling.Upfirdn2d(
              new FirGeometry(
                  g.upX(),
                  g.upY(),
                  g.downX(),
                  g.downY(),
                  g.padX0() + 1,
                  g.padX1() - 1,
                  g.padY0(),
                  g.padY1(),
                  g.flip(),
                  g.gain()));
      return new Spoiled(node, right).replacing(wrong, (i, column) -> column == 64);
    }
  },
  /** The gain of filtered_lrelu is forgotten from column 32 on. */
  IGNORED_GAIN("FilteredLrelu") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Fused.FilteredLrelu f)) {
        return null;
      }
      FilteredActivation a = f.activation();
      Op wrong =
          new Fused.FilteredLrelu(
              new FilteredActivation(
                  a.up(), a.down(), a.padX0(), a.padX1(), a.padY0(), a.padY1(), 1, a.slope(),
                  a.clamp(), a.flip()));
      return new Spoiled(node, right).replacing(wrong, (i, column) -> column >= 32);
    }
  },
  /** The clamp of bias_act is forgotten from element 64 on. */
  FORGOTTEN_CLAMP("BiasAct") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Fused.BiasAct b)) {
        return null;
      }
      Op wrong =
          new Fused.BiasAct(b.dim(), b.activation(), b.alpha(), b.gain(), Double.POSITIVE_INFINITY);
      return new Spoiled(node, right).replacing(wrong, (i, column) -> i >= 64);
    }
  },
  /** Sums from the 17th on are not written: what lay there before remains. */
  STALE_BUFFER("Reduce") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Reduction.Reduce r) || r.kind() != Reduction.Kind.SUM) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          HostTensor before = copy(call);
          right.run(call);
          HostTensor out = out(call);
          for (long i = 16; i < out.type().elements(); i++) {
            out.set(i, before.get(i));
          }
        }
      };
    }
  },
  /** A product of 16 terms or more differs in its last bit from time to time. */
  NON_DETERMINISTIC_SUM("MatMul") {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Linear.MatMul m)
          || node.inputs().getFirst().dim(m.transposeA() ? -2 : -1) < 16) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          right.run(call);
          if (calls.incrementAndGet() % 2 == 0) {
            HostTensor out = out(call);
            out.set(0, Math.nextUp((float) out.get(0)));
          }
        }
      };
    }
  },
  /** Clamped samples let a gradient of filtered_lrelu through. */
  MISSING_GRADIENT_MASK("FilteredLrelu") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Fused.SignedFilter)) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          HostTensor signs = HostTensor.allocate(node.inputs().get(1).type());
          for (long i = 0; i < signs.type().elements(); i++) {
            int codes = call.in(1).get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) & 0xff;
            signs.set(i, codes & ~((codes & 0b10101010) | ((codes & 0b10101010) >> 1)));
          }
          right.run(new Redirected(call, Map.of(1, signs.data()), Map.of()));
        }
      };
    }
  },
  /** A weight's gradient leaves the last image of a batch out. */
  FORGOTTEN_IMAGE("ConvWeightGradient") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Linear.ConvWeightGradient)
          || node.inputs().getFirst().dim(0) < 2) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          HostTensor x = HostTensor.allocate(node.inputs().getFirst().type());
          long last = x.data().byteSize() / x.shape().dim(0) * (x.shape().dim(0) - 1);
          MemorySegment.copy(call.in(0), 0, x.data(), 0, last);
          right.run(new Redirected(call, Map.of(0, x.data()), Map.of()));
        }
      };
    }
  },
  /** A transposed convolution of a large image is moved by a row. */
  SHIFTED_GRADIENT("Conv2d") {
    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Linear.ConvTranspose2d)
          || node.outputs().getFirst().dim(3) <= 32
          || node.outputs().getFirst().dim(2) < 2) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          right.run(call);
          HostTensor out = out(call);
          Shape s = out.shape();
          out.set(s.elements() - 1, out.get(s.elements() - 1 - s.dim(3)));
        }
      };
    }
  },
  /** Packed weights are kept although the variable got another value. */
  STALE_WEIGHTS("Conv2d") {
    private final Map<Object, Kernel.Packed> kept = new ConcurrentHashMap<>();

    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Linear.Conv2d) || right.packings().isEmpty()) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public java.util.List<Packing<Scratch>> packings() {
          return right.packings().stream()
              .map(
                  p ->
                      new Packing<Scratch>(
                          p.input(),
                          p.layout(),
                          (in, threads) ->
                              kept.computeIfAbsent(node, n -> p.packer().pack(in, threads))))
              .toList();
        }
      };
    }
  },
  /** A permutation writes four bytes behind its result. */
  WRITES_OUTSIDE("Permute") {
    @Override
    @SuppressWarnings("restricted") // to write where nothing may be written
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Movement.Permute)) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          right.run(call);
          MemorySegment out = call.out(0);
          long end = Math.ceilDiv(out.byteSize(), 64L) * 64;
          MemorySegment.ofAddress(out.address())
              .reinterpret(end + 4)
              .set(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, end, 0x12345678);
        }
      };
    }
  },
  /** Runs share one piece of memory for the input of bias_act. */
  SHARED_SCRATCH("") {
    private final Map<Long, HostTensor> shared = new ConcurrentHashMap<>();

    @Override
    @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right) {
      if (!(node.op() instanceof Fused.BiasAct)) {
        return null;
      }
      return new Spoiled(node, right) {
        @Override
        public void run(Call<Scratch> call) {
          HostTensor copy =
              shared.computeIfAbsent(
                  call.in(0).byteSize(), n -> HostTensor.allocate(node.inputs().getFirst().type()));
          copy.data().copyFrom(call.in(0));
          pause();
          right.run(new Redirected(call, Map.of(0, copy.data()), Map.of()));
        }
      };
    }

    private void pause() {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  };

  private final String op;

  Sabotage(String op) {
    this.op = op;
  }

  /** The op whose cases show the fault; empty when only several threads do. */
  public String op() {
    return op;
  }

  /** The faulty kernel of a node, or null where the node is computed as it should be. */
  abstract @Nullable Kernel<Scratch> spoil(Node node, Kernel<Scratch> right);
}
