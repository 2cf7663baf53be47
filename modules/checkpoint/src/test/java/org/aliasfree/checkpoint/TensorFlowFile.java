package org.aliasfree.checkpoint;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Writes networks as the TensorFlow versions did, from tensors that are named and laid out as the
 * PyTorch version has them.
 */
final class TensorFlowFile {
  /** How one and the same content may be spelled. */
  enum Spelling {
    /** As Python 3.6 with numpy 1 does. */
    USUAL,
    /** As numpy 2 does, with arrays in Fortran's order, and networks called into being. */
    OTHER
  }

  private static final Pattern CONV =
      Pattern.compile("synthesis\\.b(\\d+)\\.(conv0|conv1|torgb|skip)\\.(.*)");
  private static final Pattern BLOCK = Pattern.compile("b(\\d+)\\.(\\w+)\\.(\\w+)");

  private final Spelling spelling;
  private final boolean levelsOfDetail;
  private final Map<String, Map<String, byte[]>> variables = new LinkedHashMap<>();

  private TensorFlowFile(Spelling spelling, boolean levelsOfDetail) {
    this.spelling = spelling;
    this.levelsOfDetail = levelsOfDetail;
  }

  /** A pickle of protocol 4 with three networks. */
  static byte[] triple(byte[] g, byte[] d, byte[] average) {
    return PickleAssembler.pickle().raw(g).raw(d).raw(average).op(PickleOpcode.TUPLE3).stop();
  }

  /** A generator as a value of a pickle. */
  static byte[] generator(Map<String, HostTensor> tensors, Map<String, ?> keywords) {
    return generator(tensors, keywords, Spelling.USUAL, false);
  }

  static byte[] generator(
      Map<String, HostTensor> tensors,
      Map<String, ?> keywords,
      Spelling spelling,
      boolean levelsOfDetail) {
    TensorFlowFile file = new TensorFlowFile(spelling, levelsOfDetail);
    tensors.forEach(file::addOfGenerator);
    if (levelsOfDetail) {
      file.put("", "lod", HostTensor.scalar(DType.F32, 0));
      file.put("synthesis", "ToRGB_lod1/weight", HostTensor.scalar(DType.F32, 0));
    }
    Map<String, byte[]> components = new LinkedHashMap<>();
    for (String name : List.of("synthesis", "mapping")) {
      components.put(name, file.network("G_" + name, keywords, file.variablesOf(name), Map.of()));
    }
    return file.network("G_main", keywords, file.variablesOf(""), components);
  }

  /** A discriminator as a value of a pickle. */
  static byte[] discriminator(Map<String, HostTensor> tensors, Map<String, ?> keywords) {
    return discriminator(tensors, keywords, Spelling.USUAL, false);
  }

  static byte[] discriminator(
      Map<String, HostTensor> tensors,
      Map<String, ?> keywords,
      Spelling spelling,
      boolean levelsOfDetail) {
    TensorFlowFile file = new TensorFlowFile(spelling, levelsOfDetail);
    tensors.forEach(file::addOfDiscriminator);
    return file.network("D_main", keywords, file.variablesOf(""), Map.of());
  }

  private Map<String, byte[]> variablesOf(String component) {
    return variables.getOrDefault(component, Map.of());
  }

  private byte[] network(
      String function,
      Map<String, ?> keywords,
      Map<String, byte[]> variables,
      Map<String, byte[]> components) {
    return network(4, function, keywords, variables, components, spelling);
  }

  /** Any network. */
  static byte[] network(
      long version,
      String function,
      Map<String, ?> keywords,
      Map<String, byte[]> variables,
      Map<String, byte[]> components,
      Spelling spelling) {
    PickleAssembler list = new PickleAssembler().op(PickleOpcode.EMPTY_LIST, PickleOpcode.MARK);
    variables.forEach((name, array) -> list.text(name).raw(array).op(PickleOpcode.TUPLE2));
    list.op(PickleOpcode.APPENDS);
    Map<String, byte[]> state = new LinkedHashMap<>();
    state.put("version", new PickleAssembler().integer(version).bytes());
    state.put("name", new PickleAssembler().text(function).bytes());
    state.put("static_kwargs", new PickleAssembler().value(keywords).bytes());
    state.put("components", new PickleAssembler().dict(components).bytes());
    state.put("build_module_src", new PickleAssembler().text("raise Exception()").bytes());
    state.put("build_func_name", new PickleAssembler().text(function).bytes());
    state.put("variables", list.bytes());
    return new PickleAssembler()
        .tensorFlowNetwork(
            spelling == Spelling.USUAL ? PickleOpcode.NEWOBJ : PickleOpcode.REDUCE,
            new PickleAssembler().dict(state).bytes())
        .bytes();
  }

  private void addOfGenerator(String name, HostTensor tensor) {
    Matcher conv = CONV.matcher(name);
    if (name.endsWith("resample_filter")) {
      return;
    }
    if (name.equals("mapping.w_avg")) {
      put("", "dlatent_avg", tensor);
    } else if (name.startsWith("mapping.")) {
      String layer = name.substring(8).replace("embed", "LabelEmbed").replace("fc", "Dense");
      put("mapping", layer.replace('.', '/'), inputsFirst(tensor));
    } else if (name.equals("synthesis.b4.const")) {
      put("synthesis", "4x4/Const/const", withOnes(tensor, 1));
    } else if (conv.matches()) {
      int size = Integer.parseInt(conv.group(1));
      addOfLayer(size, conv.group(2), conv.group(3), tensor);
    } else {
      throw new AssertionError(name);
    }
  }

  private void addOfLayer(int size, String layer, String part, HostTensor tensor) {
    String scope =
        switch (layer) {
          case "conv0" -> size + "x" + size + "/Conv0_up/";
          case "conv1" -> size + "x" + size + (size == 4 ? "/Conv/" : "/Conv1/");
          case "torgb" -> levelsOfDetail ? "ToRGB_lod0/" : size + "x" + size + "/ToRGB/";
          default -> size + "x" + size + "/Skip/";
        };
    switch (part) {
      case "weight" -> {
        HostTensor weight = inputsFirst(tensor);
        put("synthesis", scope + part, layer.equals("conv0") ? turned(weight) : weight);
      }
      case "affine.weight" -> put("synthesis", scope + "mod_weight", inputsFirst(tensor));
      case "affine.bias" -> put("synthesis", scope + "mod_bias", lessOne(tensor));
      case "noise_const" -> {
        int index = 0;
        for (int s = 4; s < size; s *= 2) {
          index += 2;
        }
        put(
            "synthesis",
            "noise" + (layer.equals("conv0") ? index - 1 : index),
            withOnes(tensor, 2));
      }
      default -> put("synthesis", scope + part, tensor);
    }
  }

  private void addOfDiscriminator(String name, HostTensor tensor) {
    if (name.endsWith("resample_filter")) {
      return;
    }
    HostTensor stored = inputsFirst(tensor);
    Matcher block = BLOCK.matcher(name);
    if (name.startsWith("mapping.")) {
      String layer = name.substring(8).replace("embed", "LabelEmbed").replace("fc", "Mapping");
      put("", layer.replace('.', '/'), stored);
    } else if (name.startsWith("b4.out.")) {
      put("", "Output/" + name.substring(7), stored);
    } else if (block.matches()) {
      String scope = block.group(1) + "x" + block.group(1) + "/";
      String layer =
          switch (block.group(2)) {
            case "fromrgb" -> levelsOfDetail ? "FromRGB_lod0" : scope + "FromRGB";
            case "conv0" -> scope + "Conv0";
            case "conv1" -> scope + "Conv1_down";
            case "skip" -> scope + "Skip";
            case "conv" -> scope + "Conv";
            case "fc" -> scope + "Dense0";
            default -> throw new AssertionError(name);
          };
      put("", layer + "/" + block.group(3), stored);
    } else {
      throw new AssertionError(name);
    }
  }

  private void put(String component, String name, HostTensor tensor) {
    byte[] array = array(tensor, spelling);
    Map<String, byte[]> own = variables.computeIfAbsent(component, c -> new LinkedHashMap<>());
    if (own.put(name, array) != null) {
      throw new AssertionError(name);
    }
  }

  /** A tensor as numpy has it. */
  static byte[] array(HostTensor tensor, Spelling spelling) {
    boolean usual = spelling == Spelling.USUAL;
    String module = usual ? "numpy.core.multiarray" : "numpy._core.multiarray";
    long[] sizes = tensor.shape().toArray();
    if (sizes.length == 0) {
      return new PickleAssembler().numpyScalar(module, "f4", bytes(tensor)).bytes();
    }
    HostTensor stored = tensor;
    if (!usual) {
      int[] reversed = new int[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        reversed[i] = sizes.length - 1 - i;
      }
      stored = permuted(tensor, reversed);
    }
    return new PickleAssembler().numpyArray(module, "f4", sizes, !usual, bytes(stored)).bytes();
  }

  private static byte[] bytes(HostTensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  /** From [out, in] to [in, out], from [out, in, y, x] to [y, x, in, out]; others as they are. */
  private static HostTensor inputsFirst(HostTensor tensor) {
    return switch (tensor.shape().rank()) {
      case 2 -> permuted(tensor, 1, 0);
      case 4 -> permuted(tensor, 2, 3, 1, 0);
      default -> tensor;
    };
  }

  /** With axis {@code axes[k]} as axis k. */
  private static HostTensor permuted(HostTensor tensor, int... axes) {
    long[] sizes = new long[axes.length];
    for (int k = 0; k < axes.length; k++) {
      sizes[k] = tensor.shape().dim(axes[k]);
    }
    HostTensor result = HostTensor.allocate(TensorType.f32(sizes));
    long[] index = new long[axes.length];
    for (long to = 0; to < tensor.type().elements(); to++) {
      long rest = to;
      for (int k = axes.length - 1; k >= 0; k--) {
        index[axes[k]] = rest % sizes[k];
        rest /= sizes[k];
      }
      long from = 0;
      for (int k = 0; k < axes.length; k++) {
        from = from * tensor.shape().dim(k) + index[k];
      }
      result.set(to, tensor.get(from));
    }
    return result;
  }

  /** A kernel [y, x, in, out] by half a turn: the list of its pixels backwards. */
  private static HostTensor turned(HostTensor kernel) {
    long pixels = kernel.shape().dim(0) * kernel.shape().dim(1);
    long each = kernel.type().elements() / pixels;
    HostTensor result = HostTensor.allocate(kernel.type());
    for (long pixel = 0; pixel < pixels; pixel++) {
      for (long i = 0; i < each; i++) {
        result.set((pixels - 1 - pixel) * each + i, kernel.get(pixel * each + i));
      }
    }
    return result;
  }

  private static HostTensor lessOne(HostTensor tensor) {
    HostTensor result = HostTensor.allocate(tensor.type());
    for (long i = 0; i < tensor.type().elements(); i++) {
      result.set(i, tensor.get(i) - 1);
    }
    return result;
  }

  private static HostTensor withOnes(HostTensor tensor, int ones) {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < ones; i++) {
      sizes.add(1L);
    }
    for (long size : tensor.shape().toArray()) {
      sizes.add(size);
    }
    return tensor.reshape(sizes.stream().mapToLong(Long::longValue).toArray());
  }
}
