package org.aliasfree.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.onnx.OnnxFile;
import org.aliasfree.onnx.OnnxOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code aliasfree convert}: a network file in another format. The ending of the target says which:
 * {@code .pkl}, {@code .safetensors} or {@code .onnx}.
 */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Write the networks of a file in another format, which the ending of TARGET tells:",
      "  .pkl          one of NVIDIA's pickles, which the original's tools load; needs G, D and G_ema",
      "  .safetensors  this project's own layout",
      "  .onnx         one generator, for ONNX Runtime and other programs that run ONNX models"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree convert network-snapshot-001000.pkl network.safetensors",
      "  aliasfree convert --net G_ema --half network-snapshot-001000.pkl small.safetensors",
      "  aliasfree convert stylegan3-t-afhqv2-512x512.pkl generator.onnx",
      "",
      "Inputs of an ONNX model, all f32: z [N, z_dim], label [N, c_dim] (conditional networks), psi (one number, or",
      "one for each w; networks with a mean of w), or w [N, num_ws, w_dim] instead of all these; transform [3, 3].",
      "Output: image [N, channels, resolution, resolution], mostly within -1 to 1."
    })
final class ConvertCommand implements Action {
  private static final int MAX_BATCH = 4096;

  /** What a target is written with. */
  private enum Format {
    PKL,
    SAFETENSORS,
    ONNX
  }

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      completionCandidates = Words.OfNetworks.class,
      description = "Network file, as for generate --network.")
  private @Nullable String source;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "File to write; replaced in one step.")
  private @Nullable String target;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = Words.OfNetworksInFiles.class,
      description =
          "Only these networks of the file, for example G_ema. Default: all; for .onnx G_ema.")
  private List<String> names = List.of();

  @Option(
      names = "--half",
      description = "Keep parameters in f16, half the size; .safetensors only.")
  private boolean half;

  @Option(
      names = "--input",
      paramLabel = "z|w",
      description = "What an ONNX model starts from. Default: z.")
  private @Nullable String input;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images that an ONNX model computes together. Default: any number.")
  private @Nullable String batch;

  @Option(
      names = "--with-transform",
      description =
          "The ONNX model takes the image's transformation (its inverse) as an input; StyleGAN3 only.")
  private boolean withTransform;

  @Option(
      names = "--noise-mode",
      paramLabel = "MODE",
      completionCandidates = Words.OfOnnxNoiseModes.class,
      description = "Noise of an ONNX model of StyleGAN2: const or none. Default: const.")
  private @Nullable String noiseMode;

  @Mixin private final NetworkAccess access = new NetworkAccess();

  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    NetworkSource given = problems.parse("SOURCE", source, ConvertCommand::readable);
    Path to = problems.parse("TARGET", target, OptionValues::path);
    Format format = to == null ? null : problems.parse("TARGET", target, ConvertCommand::format);
    OnnxOptions onnx = format == null ? null : onnxOptions(format, problems);
    if (half && format != null && format != Format.SAFETENSORS) {
      problems.usage("--half: only .safetensors files keep f16; the target is " + target + ".");
    }
    NetworkSource from = given == null ? null : access.local("SOURCE", given, console, problems);
    problems.throwIfAny();
    Path file = Objects.requireNonNull(to);
    String written =
        format == Format.ONNX
            ? toOnnx(Objects.requireNonNull(from), file, Objects.requireNonNull(onnx), problems)
            : toFile(Objects.requireNonNull(from), file, problems);
    console.line(String.format(Locale.ROOT, "%s: %s, %.1f MB", target, written, size(file) / 1e6));
  }

  private static NetworkSource readable(String text) {
    if (text.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      throw new AliasFreeException(
          "networks cannot be read from ONNX models; give the file that "
              + OptionValues.quoted(text)
              + " was made from.");
    }
    return NetworkSource.parse(text);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Format format(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Format format : Format.values()) {
      if (lower.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new AliasFreeException(
        "the name "
            + OptionValues.quoted(name)
            + " tells no format; let it end in .pkl, .safetensors or .onnx.");
  }

  /** The options of ONNX models; null where these are wrong, which then is among the problems. */
  private @Nullable OnnxOptions onnxOptions(Format format, Problems problems) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("--input", input != null);
    given.put("--batch", batch != null);
    given.put("--with-transform", withTransform);
    given.put("--noise-mode", noiseMode != null);
    if (format != Format.ONNX) {
      given.forEach(
          (option, present) -> {
            if (present) {
              problems.usage(option + ": is for .onnx files; the target is " + target + ".");
            }
          });
      return null;
    }
    Boolean fromW =
        problems.parse("--input", Objects.requireNonNullElse(input, "z"), ConvertCommand::isW);
    Integer count =
        problems.parse("--batch", batch, text -> OptionValues.integer(text, 1, MAX_BATCH));
    NoiseMode noise =
        problems.parse(
            "--noise-mode",
            Objects.requireNonNullElse(noiseMode, "const"),
            ConvertCommand::fixedNoise);
    return fromW == null || noise == null
        ? null
        : new OnnxOptions(
            fromW,
            withTransform,
            count == null ? OptionalInt.empty() : OptionalInt.of(count),
            noise);
  }

  private static boolean isW(String text) {
    return switch (text) {
      case "z" -> false;
      case "w" -> true;
      default -> throw new AliasFreeException(OptionValues.quoted(text) + " is not one of z, w.");
    };
  }

  private static NoiseMode fixedNoise(String text) {
    NoiseMode mode = OptionValues.noiseMode(text);
    if (mode == NoiseMode.RANDOM) {
      throw new AliasFreeException(
          "an ONNX model cannot draw the noise of seeds; choose const or none.");
    }
    return mode;
  }

  private String toOnnx(NetworkSource from, Path to, OnnxOptions options, Problems problems) {
    String name = names.isEmpty() ? GeneratorFiles.AVERAGE : names.getFirst();
    if (names.size() > 1) {
      problems.usage("--net: an ONNX file holds one generator; give one of " + names + ".");
    }
    problems.parse("--net", name, OptionValues::generatorName);
    GeneratorNetwork network = problems.isEmpty() ? open(from, name, problems) : null;
    if (network != null && withTransform && !network.generator().hasInputTransform()) {
      problems.usage("--with-transform: images of StyleGAN2 cannot be moved.");
    }
    problems.throwIfAny();
    OnnxFile.write(to, Objects.requireNonNull(network), options);
    return name;
  }

  private static @Nullable GeneratorNetwork open(
      NetworkSource from, String name, Problems problems) {
    try {
      return OpenedNetwork.open(from, name).weights().get();
    } catch (AliasFreeException e) {
      problems.failure("SOURCE: " + e.getMessage());
      return null;
    }
  }

  private String toFile(NetworkSource from, Path to, Problems problems) {
    Map<String, StoredNetwork> networks = new LinkedHashMap<>();
    Map<String, @Nullable Object> entries = Map.of();
    if (from instanceof NetworkSource.File(var path)) {
      NetworkFile file = read(path, problems);
      Set<String> there = file.names();
      for (String name : names.isEmpty() ? List.copyOf(there) : names) {
        if (!there.contains(name)) {
          problems.usage(
              "--net: there is no network "
                  + OptionValues.quoted(name)
                  + " in the file; it has "
                  + OptionValues.cut(String.join(", ", there))
                  + ".");
        } else {
          networks.put(name, file.network(name));
        }
      }
      entries = file.entries();
    } else {
      String name = names.isEmpty() ? GeneratorFiles.AVERAGE : names.getFirst();
      GeneratorNetwork network = open(from, name, problems);
      if (network != null) {
        networks.put(name, GeneratorFiles.stored(network));
      }
    }
    problems.throwIfAny();
    if (half) {
      networks.replaceAll((name, network) -> network.withHalfParameters());
    }
    NetworkFile.write(to, networks, entries);
    return String.join(", ", networks.keySet());
  }

  private static NetworkFile read(Path path, Problems problems) {
    try {
      return NetworkFile.read(path);
    } catch (AliasFreeException e) {
      problems.failure("SOURCE: " + e.getMessage());
      problems.throwIfAny();
      throw e;
    }
  }
}
