package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.FourierInput;
import org.aliasfree.network.FullyConnected;
import org.aliasfree.network.InputGeometry;
import org.aliasfree.network.MappingNetwork;
import org.aliasfree.network.MinibatchDeviation;
import org.aliasfree.network.ModulatedConvolution;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.ResampledConvolution;
import org.aliasfree.network.StyleGan2Convolution;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import tools.jackson.databind.JsonNode;

/**
 * What a golden case of an op asks for, built from its parameters: {@code in.x} of the file is the
 * graph's input {@code x}, or the variable of that name where the layer has one.
 */
final class OpGolden {
  /** Every kind that {@link #outputs} can build. */
  static final List<String> KINDS =
      List.of(
          "op.bias_act",
          "op.conv2d",
          "op.conv_transpose2d",
          "op.upfirdn2d",
          "op.filter2d",
          "op.upsample2d",
          "op.downsample2d",
          "op.filtered_lrelu",
          "op.grid_sample",
          "op.fully_connected",
          "op.modulated_conv2d_sg3",
          "op.modulated_conv2d_sg2",
          "op.conv2d_resample",
          "op.minibatch_std",
          "op.normalize_2nd_moment",
          "op.synthesis_input");

  private static final ForwardPass PASS =
      ForwardPass.inference(Graph.builder(), SynthesisOptions.DEFAULTS);

  private final GoldenCase golden;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  OpGolden(GoldenCase golden) {
    this.golden = golden;
  }

  /** The input of a name, made when first asked for. */
  Tensor in(String name) {
    return inputs.computeIfAbsent(name, n -> Ops.input(n, golden.tensor("in." + n).type()));
  }

  private boolean has(String name) {
    return golden.hasTensor("in." + name);
  }

  /** The outputs by their names in the file. */
  Map<String, Tensor> outputs() {
    if (golden.kind().equals("op.grid_sample")) {
      JsonNode size = golden.param("out_size");
      Tensor grid = Ops.affineGrid(in("theta"), size.get(0).asInt(), size.get(1).asInt());
      return Map.of("out.grid", grid, "out.y", Ops.gridSample(in("x"), grid));
    }
    return Map.of("out.y", y());
  }

  private Tensor y() {
    return switch (golden.kind()) {
      case "op.bias_act" -> biasAct();
      case "op.conv2d" -> biased(Ops.conv2d(in("x"), in("w"), convolution()));
      case "op.conv_transpose2d" -> biased(transposed());
      case "op.upfirdn2d" -> Ops.upfirdn2d(in("x"), filter("f"), resampling(1));
      case "op.filter2d", "op.upsample2d", "op.downsample2d" -> resampled();
      case "op.filtered_lrelu" ->
          Ops.filteredLrelu(in("x"), in("b"), filter("fu"), filter("fd"), activation());
      case "op.fully_connected" -> fullyConnected();
      case "op.modulated_conv2d_sg3" ->
          ModulatedConvolution.apply(
              in("x"),
              in("w"),
              in("s"),
              golden.param("demodulate").asBoolean(),
              golden.param("padding").asInt(),
              has("input_gain") ? in("input_gain") : Ops.fill(TensorType.f32(1), 1));
      case "op.modulated_conv2d_sg2" -> styleGan2Convolution();
      case "op.conv2d_resample" -> resampledConvolution().apply(in("x"), in("w"), filter("f"));
      case "op.minibatch_std" -> deviation().apply(in("x"));
      case "op.normalize_2nd_moment" -> MappingNetwork.normalizeSecondMoment(in("x"));
      case "op.synthesis_input" -> synthesisInput();
      default -> throw new IllegalArgumentException("unknown kind " + golden.kind());
    };
  }

  private Tensor styleGan2Convolution() {
    StyleGan2Convolution convolution =
        new StyleGan2Convolution(resampledConvolution(), flag("demodulate"), flag("fused_modconv"));
    Tensor y = convolution.apply(in("x"), in("weight"), in("styles"), filter("f"));
    return has("noise") ? y.add(in("noise").cast(y.dtype())) : y;
  }

  private double number(String name, double absent) {
    return golden.hasParam(name) ? golden.param(name).asDouble() : absent;
  }

  private boolean flag(String name) {
    return golden.hasParam(name) && golden.param(name).asBoolean();
  }

  /** A parameter for two axes, given once for both or for each, in the order of the file. */
  private int[] pair(String name, int absent) {
    if (!golden.hasParam(name)) {
      return new int[] {absent, absent};
    }
    JsonNode value = golden.param(name);
    return value.isArray()
        ? new int[] {value.get(0).asInt(), value.get(1).asInt()}
        : new int[] {value.asInt(), value.asInt()};
  }

  /** x0, x1, y0, y1; given as one number, as (x, y) or as all four. */
  private int[] padding() {
    if (golden.hasParam("padding") && golden.param("padding").size() == 4) {
      JsonNode p = golden.param("padding");
      return new int[] {p.get(0).asInt(), p.get(1).asInt(), p.get(2).asInt(), p.get(3).asInt()};
    }
    int[] p = pair("padding", 0);
    return new int[] {p[0], p[0], p[1], p[1]};
  }

  private Tensor filter(String name) {
    return has(name) ? in(name) : Ops.identityFilter();
  }

  private Tensor biasAct() {
    Activation act = Activation.valueOf(golden.param("act").asString().toUpperCase(Locale.ROOT));
    int dim = golden.param("dim").asInt();
    Tensor x = in("x");
    Tensor bias =
        has("b")
            ? in("b")
            : Ops.fill(x.type().withShape(org.aliasfree.tensor.Shape.of(x.dim(dim))), 0);
    return Ops.biasAct(
        x,
        bias,
        new Fused.BiasAct(
            dim,
            act,
            number("alpha", act.defaultAlpha()),
            number("gain", act.defaultGain()),
            number("clamp", Double.POSITIVE_INFINITY)));
  }

  private Tensor biased(Tensor y) {
    return has("b") ? y.add(in("b").reshape(1, y.dim(1), 1, 1)) : y;
  }

  private ConvGeometry convolution() {
    int[] stride = pair("stride", 1);
    int[] padding = pair("padding", 0);
    int[] dilation = pair("dilation", 1);
    return new ConvGeometry(
        stride[0],
        stride[1],
        padding[0],
        padding[0],
        padding[1],
        padding[1],
        dilation[0],
        dilation[1],
        golden.param("groups").asInt());
  }

  /** size = (in − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1. */
  private Tensor transposed() {
    Tensor x = in("x");
    Tensor w = in("w");
    ConvGeometry g = convolution();
    int[] extra = pair("output_padding", 0);
    long height =
        (x.dim(2) - 1) * g.strideY() - 2L * g.top() + g.dilationY() * (w.dim(2) - 1) + extra[0] + 1;
    long width =
        (x.dim(3) - 1) * g.strideX()
            - 2L * g.left()
            + g.dilationX() * (w.dim(3) - 1)
            + extra[1]
            + 1;
    return Ops.convTranspose2d(x, w, g, height, width);
  }

  private FirGeometry resampling(double gain) {
    int[] up = pair("up", 1);
    int[] down = pair("down", 1);
    int[] p = padding();
    return new FirGeometry(
        up[0],
        up[1],
        down[0],
        down[1],
        p[0],
        p[1],
        p[2],
        p[3],
        flag("flip_filter"),
        gain * number("gain", 1));
  }

  /** The helpers pad as their filter needs, and keep the mean when they insert zeros. */
  private Tensor resampled() {
    int[] up = pair("up", 1);
    Tensor f = in("f");
    FirGeometry g = resampling((double) up[0] * up[1]);
    return Ops.upfirdn2d(in("x"), f, g.centred(f.shape().intDim(-1), f.shape().intDim(0)));
  }

  private ResampledConvolution resampledConvolution() {
    int[] p = padding();
    return new ResampledConvolution(
        (int) number("up", 1),
        (int) number("down", 1),
        p[0],
        p[1],
        p[2],
        p[3],
        (int) number("groups", 1),
        flag("flip_weight"),
        flag("flip_filter"));
  }

  private MinibatchDeviation deviation() {
    int channels = golden.param("num_channels").asInt();
    return new MinibatchDeviation(
        golden.hasParam("group_size") && !golden.param("group_size").isNull()
            ? OptionalInt.of(golden.param("group_size").asInt())
            : OptionalInt.empty(),
        channels);
  }

  private FilteredActivation activation() {
    int[] p = padding();
    return new FilteredActivation(
        golden.param("up").asInt(),
        golden.param("down").asInt(),
        p[0],
        p[1],
        p[2],
        p[3],
        golden.param("gain").asDouble(),
        golden.param("slope").asDouble(),
        number("clamp", Double.POSITIVE_INFINITY),
        flag("flip_filter"));
  }

  /** A variable with the value that the file has; zero where it has none. */
  private NetworkVariable variable(String name, long... sizes) {
    Variable v =
        new Variable(
            name,
            has(name)
                ? golden.tensor("in." + name).type()
                : org.aliasfree.tensor.TensorType.f32(sizes));
    return new NetworkVariable(v, true, (type, random) -> value(name, type));
  }

  private HostTensor value(String name, org.aliasfree.tensor.TensorType type) {
    return has(name) ? golden.tensor("in." + name) : HostTensor.allocate(type);
  }

  /** The value of an input or a variable. */
  HostTensor value(String name) {
    long outputs = golden.tensor("out.y").shape().dim(-1);
    return value(name, org.aliasfree.tensor.TensorType.f32(outputs));
  }

  private Tensor fullyConnected() {
    Activation act =
        Activation.valueOf(golden.param("activation").asString().toUpperCase(Locale.ROOT));
    long outputs = golden.tensor("out.y").shape().dim(1);
    return new FullyConnected(
            variable("weight"),
            variable("bias", outputs),
            act,
            golden.param("lr_multiplier").asDouble())
        .apply(in("x"), PASS);
  }

  private Tensor synthesisInput() {
    long channels = golden.tensor("in.weight").shape().dim(0);
    InputGeometry geometry =
        new InputGeometry(
            Math.toIntExact(channels),
            golden.param("size").asInt(),
            golden.param("sampling_rate").asInt(),
            golden.param("bandwidth").asDouble());
    FullyConnected affine =
        new FullyConnected(
            variable("affine.weight"), variable("affine.bias"), Activation.LINEAR, 1);
    return new FourierInput(
            geometry,
            variable("weight"),
            variable("transform"),
            variable("freqs"),
            variable("phases"),
            affine)
        .apply(in("w"), in("transform"), PASS);
  }
}
