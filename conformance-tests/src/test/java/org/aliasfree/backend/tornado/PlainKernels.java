package org.aliasfree.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.backend.support.HostKernels;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;

/**
 * The tasks of this backend run as plain Java, node by node. Tensors are put behind other numbers in
 * their arrays, so that an offset that is forgotten shows.
 */
final class PlainKernels implements HostKernels<Object> {
  private static final int FENCE = 3;

  @Override
  public Set<DType> dtypes() {
    return Set.of(DType.F32, DType.I32, DType.U8);
  }

  @Override
  public boolean isNative(Op op) {
    return OpKernels.isNative(op);
  }

  @Override
  public Object newScratch() {
    return this;
  }

  @Override
  public Kernel<Object> kernel(Node node) {
    if (node.op() instanceof Source.Constant constant) {
      return call -> call.out(0).copyFrom(constant.value().data());
    }
    OpKernel kernel = OpKernels.of(node, /* tiles= */ false);
    return call -> run(node, kernel, call);
  }

  private static void run(Node node, OpKernel kernel, Kernel.Call<Object> call) {
    Map<Tensor, Place> places = new HashMap<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Tensor t = node.inputs().get(i);
      Place place = place(t.type().dtype(), t.type().elements());
      copy(call.in(i), place, t.type(), true);
      places.put(t, place);
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      Tensor t = node.outputs().get(i);
      if (call.wants(i)) {
        places.put(t, place(t.type().dtype(), t.type().elements()));
      }
    }
    List<Place> scratch = new ArrayList<>();
    kernel.scratch().forEach(size -> scratch.add(place(DType.F32, size)));
    kernel.launch(new Operands(node, places::get, places::containsKey, scratch), new JavaTasks());
    for (int i = 0; i < node.outputs().size(); i++) {
      if (call.wants(i)) {
        Tensor t = node.outputs().get(i);
        copy(call.out(i), java.util.Objects.requireNonNull(places.get(t)), t.type(), false);
      }
    }
  }

  private static Place place(DType dtype, long elements) {
    int size = Math.toIntExact(elements + 2 * FENCE);
    if (Place.isFloat(dtype)) {
      float[] array = new float[size];
      java.util.Arrays.fill(array, Float.NaN);
      return new Place(array, FENCE);
    }
    int[] array = new int[size];
    java.util.Arrays.fill(array, Integer.MIN_VALUE);
    return new Place(array, FENCE);
  }

  private static void copy(MemorySegment data, Place place, TensorType type, boolean in) {
    int n = Math.toIntExact(type.elements());
    switch (type.dtype()) {
      case F32 -> {
        MemorySegment array = MemorySegment.ofArray(place.floats());
        copy(data, array.asSlice(4L * place.offset(), 4L * n), in);
      }
      case I32 -> {
        MemorySegment array = MemorySegment.ofArray(place.ints());
        copy(data, array.asSlice(4L * place.offset(), 4L * n), in);
      }
      default -> {
        for (int i = 0; i < n; i++) {
          if (in) {
            place.ints()[place.offset() + i] = data.get(ValueLayout.JAVA_BYTE, i) & 0xff;
          } else {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) place.ints()[place.offset() + i]);
          }
        }
      }
    }
  }

  private static void copy(MemorySegment data, MemorySegment array, boolean in) {
    if (in) {
      array.copyFrom(data);
    } else {
      data.copyFrom(array);
    }
  }
}
