package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * The variables of one TensorFlow network in the layouts of PyTorch. A variable that is laid out
 * alike stays in the file's memory. Each is taken once; what is left over makes the network one of
 * another kind.
 */
final class TensorFlowVariables {
  /** Layers between image and features, named by how often the resolution is halved. */
  private static final Pattern LEVEL_OF_DETAIL =
      Pattern.compile("(.*/)?(ToRGB|FromRGB)_lod(\\d{1,9})/([^/]+)");

  private final TensorFlowState state;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> levels = new LinkedHashSet<>();
  private final Set<String> left;
  private final ReadingBudget budget;

  /**
   * @param resolution of the images, which levels of detail count from
   */
  TensorFlowVariables(TensorFlowState state, long resolution, ReadingBudget budget) {
    this.state = state;
    this.budget = budget;
    this.left = new LinkedHashSet<>(state.variables().keySet());
    for (String name : state.variables().keySet()) {
      budget.walk(name.length() + 8, state.offset());
      Matcher level = LEVEL_OF_DETAIL.matcher(name);
      String plain = level.matches() ? atResolution(level, resolution) : name;
      if (names.put(plain, name) != null) {
        throw new Malformed(
            state.offset(), "two variables have the name " + Quoted.of(plain) + ".");
      }
      if (level.matches()) {
        levels.add(name);
      }
    }
  }

  private String atResolution(Matcher level, long resolution) {
    int halvings = Integer.parseInt(level.group(3));
    long size = halvings < 32 ? resolution >> halvings : 0;
    if (size < 4) {
      throw new Malformed(
          state.offset(),
          "the variable "
              + Quoted.of(level.group())
              + " is for images of less than 4 pixels when the network's have "
              + resolution
              + ".");
    }
    String scope = level.group(1) == null ? "" : level.group(1);
    return scope + size + "x" + size + "/" + level.group(2) + "/" + level.group(4);
  }

  /** Whether layers are named by level of detail, as networks do that can grow. */
  static boolean hasLevelsOfDetail(TensorFlowState state) {
    return state.variables().keySet().stream().anyMatch(n -> LEVEL_OF_DETAIL.matcher(n).matches());
  }

  /** A variable as it is. */
  HostTensor plain(String name, long... sizes) {
    return take(name, sizes);
  }

  /** A variable as it is, in another shape. */
  HostTensor reshaped(String name, long[] sizes, long... newSizes) {
    return take(name, sizes).reshape(newSizes);
  }

  /** The bias of a style, which is stored less 1. */
  HostTensor plusOne(String name, long size) {
    HostTensor from = take(name, size);
    HostTensor to = allocate(from, size);
    for (long i = 0; i < size; i++) {
      to.data().set(HostTensor.F32, 4 * i, from.data().get(HostTensor.F32, 4 * i) + 1);
    }
    return to;
  }

  /** Weights of a fully connected layer: from [in, out] to [out, in]. */
  HostTensor transposed(String name, long out, long in) {
    HostTensor from = take(name, in, out);
    if (in == 1 || out == 1) {
      return from.reshape(out, in);
    }
    HostTensor to = allocate(from, out, in);
    gather(from.data(), 0, new long[] {out, in, 1, 1}, new long[] {1, out, 0, 0}, to.data());
    return to;
  }

  /** Weights of a convolution: from [height, width, in, out] to [out, in, height, width]. */
  HostTensor kernel(String name, long out, long in, int size) {
    return kernel(name, out, in, size, false);
  }

  /** As {@link #kernel}, turned upside down and left to right. */
  HostTensor flippedKernel(String name, long out, long in, int size) {
    return kernel(name, out, in, size, true);
  }

  private HostTensor kernel(String name, long out, long in, int size, boolean flipped) {
    HostTensor from = take(name, size, size, in, out);
    HostTensor to = allocate(from, out, in, size, size);
    long pixel = flipped ? -in * out : in * out;
    long first = flipped ? in * out * (size * size - 1) : 0;
    long[] strides = {1, out, size * pixel, pixel};
    gather(from.data(), first, new long[] {out, in, size, size}, strides, to.data());
    return to;
  }

  private HostTensor allocate(HostTensor from, long... sizes) {
    budget.copy(from.type().bytes(), state.offset());
    return HostTensor.allocate(from.type().withShape(Shape.of(sizes)));
  }

  /** Fills a dense array of four axes from elements with the strides given. */
  private static void gather(
      MemorySegment from, long first, long[] sizes, long[] strides, MemorySegment to) {
    long next = 0;
    for (long a = 0; a < sizes[0]; a++) {
      for (long b = 0; b < sizes[1]; b++) {
        long ab = first + a * strides[0] + b * strides[1];
        for (long c = 0; c < sizes[2]; c++) {
          for (long d = 0; d < sizes[3]; d++) {
            // As an integer: the bits stay as they are, whatever number they are.
            int bits = from.get(HostTensor.I32, 4 * (ab + c * strides[2] + d * strides[3]));
            to.set(HostTensor.I32, next, bits);
            next += 4;
          }
        }
      }
    }
  }

  private HostTensor take(String plain, long... sizes) {
    String name = names.get(plain);
    PickleValue.NumpyArray array = name == null ? null : state.variables().get(name);
    if (name == null || array == null) {
      throw new Malformed(
          state.offset(),
          "the network has no variable "
              + Quoted.of(plain)
              + "; "
              + TensorFlowNetworks.NOT_SUPPORTED);
    }
    TensorType expected = TensorType.f32(sizes);
    if (!array.type().equals(expected)) {
      throw new Malformed(
          state.offset(),
          "the variable "
              + Quoted.of(name)
              + " is "
              + array.type()
              + ", but the keywords give "
              + expected
              + ".");
    }
    left.remove(name);
    return array.toHostTensor();
  }

  /**
   * Fails when a variable was not taken, unless it is the state of growing (which must be over),
   * one of the layers that only growing needs, or of the kind given.
   */
  void checkAllTaken(Predicate<String> optional) {
    for (String name : left) {
      if (name.equals("lod") || name.endsWith("/lod")) {
        checkGrown(name);
      } else if (!levels.contains(name) && !optional.test(name)) {
        throw new Malformed(
            state.offset(),
            "the network has a variable "
                + Quoted.of(name)
                + ", which StyleGAN2 does not have; "
                + TensorFlowNetworks.NOT_SUPPORTED);
      }
    }
  }

  private void checkGrown(String name) {
    PickleValue.NumpyArray array = state.variables().get(name);
    boolean grown =
        array != null
            && array.type().dtype() == DType.F32
            && array.type().shape().rank() == 0
            && array.toHostTensor().get(0) == 0;
    if (!grown) {
      throw new Malformed(
          state.offset(),
          "the variable "
              + Quoted.of(name)
              + " is not 0: the network was still growing, which is not supported.");
    }
  }
}
