package org.aliasfree.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The code for devices has nothing that TornadoVM is known to compile wrongly without a word, and
 * nothing that it refuses on some device. Read from the sources, as byte code hides some of it.
 */
class DeviceCodeTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("aliasfree.root", ".."))
          .resolve("backend-tornado/src/main/java/org/aliasfree/backend/tornado/device");

  private static final Pattern METHOD =
      Pattern.compile("(?m)^  (public |private )?static [\\w\\[\\]]+ (\\w+)\\(");
  private static final Pattern PARALLEL =
      Pattern.compile("for \\(@Parallel int (\\w+) = 0; \\1 < (\\w+); ");

  /** What must not be there, and why. */
  private static Map<String, String> traps() {
    Map<String, String> traps = new LinkedHashMap<>();
    traps.put(">>>", "shifts signs in, on OpenCL and CUDA");
    traps.put("\\bbyte\\b", "is added up wrongly in wider sums");
    traps.put("\\bboolean\\[", "is refused");
    traps.put("\\[\\]\\[\\]", "ends the process on pocl");
    traps.put("\\bdouble\\b", "is not there on many GPUs");
    traps.put(
        "\\bMath\\.(sin|cos|exp|log|sqrt|tanh|pow)\\b", "computes in double; TornadoMath does not");
    traps.put("\\bMath\\.(floor|ceil|rint|round|fma|expm1|log1p)\\b", "is refused");
    traps.put(
        "\\bMath\\.(min|max)\\(", "loses NaN on devices; compare, or be sure of whole numbers");
    traps.put(
        "Float\\.(intBitsToFloat|floatToIntBits|float16ToFloat|floatToFloat16)",
        "is refused or wrong");
    traps.put("\\bthrow\\b", "is refused");
    traps.put("\\bsynchronized\\b", "is refused");
    traps.put("static final \\w+\\[\\]", "is refused");
    traps.put("(?m)^(?!\\s*(case|default)\\b).*->", "lambdas are refused");
    traps.put(
        "\\bnew (?!(float|int)\\[[\\w *+/]+\\]|Float[48]\\()", "only arrays and small vectors");
    return traps;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(f -> !f.endsWith("package-info.java")).sorted().toList();
    }
  }

  /** The code of a file, without comments, imports and strings. */
  private static String code(Path file) throws IOException {
    return Files.readString(file)
        .replaceAll("(?s)/\\*.*?\\*/", "")
        .replaceAll("//[^\\n]*", "")
        .replaceAll("(?m)^(import|package) .*$", "");
  }

  @TestFactory
  Stream<DynamicTest> noDeviceCodeHasWhatTornadoVmGetsWrong() {
    return traps().entrySet().stream()
        .map(
            trap ->
                DynamicTest.dynamicTest(
                    trap.getKey() + " " + trap.getValue(),
                    () -> {
                      List<String> found = new ArrayList<>();
                      for (Path file : files()) {
                        Matcher m = Pattern.compile(trap.getKey()).matcher(code(file));
                        while (m.find()) {
                          found.add(file.getFileName() + ": " + m.group());
                        }
                      }
                      assertThat(found).isEmpty();
                    }));
  }

  @Test
  void aKernelHasOneParallelLoopWhoseBoundIsItsLastParameter() throws IOException {
    int loops = 0;
    for (Path file : files()) {
      String code = code(file);
      Matcher method = METHOD.matcher(code);
      List<Integer> starts = new ArrayList<>();
      while (method.find()) {
        starts.add(method.start());
      }
      starts.add(code.length());
      for (int i = 0; i + 1 < starts.size(); i++) {
        String body = code.substring(starts.get(i), starts.get(i + 1));
        int parallel = body.split("@Parallel", -1).length - 1;
        if (parallel == 0) {
          continue;
        }
        loops++;
        Matcher loop = PARALLEL.matcher(body);
        assertThat(parallel).as(file + ": " + body.lines().findFirst()).isEqualTo(1);
        assertThat(loop.find()).as(file + ": form of the loop in " + body).isTrue();
        String parameters = body.substring(body.indexOf('('), body.indexOf('{'));
        assertThat(parameters.strip()).as(file.toString()).endsWith("int " + loop.group(2) + ")");
      }
    }
    assertThat(loops).isGreaterThan(20);
  }

  /** Otherwise TornadoVM takes a task to depend on itself, and never ends: see {@link Tasks}. */
  @Test
  void aKernelWritesOneArrayOfAKindWhichIsItsLast() throws IOException {
    Pattern kernel =
        Pattern.compile("(?s)\\n  public static void (\\w+)\\(([^)]*)\\) \\{(.*?)\\n  }\\n");
    int written = 0;
    for (Path file : files()) {
      Matcher m = kernel.matcher(code(file));
      while (m.find()) {
        for (String kind : List.of("float[]", "int[]")) {
          List<String> arrays =
              Stream.of(m.group(2).split(","))
                  .map(String::strip)
                  .filter(p -> p.startsWith(kind))
                  .map(p -> p.substring(p.indexOf(' ') + 1))
                  .toList();
          String body = m.group(3);
          List<String> stored =
              arrays.stream().filter(a -> stored(a).matcher(body).find()).toList();
          assertThat(stored)
              .as(file.getFileName() + ": " + m.group(1))
              .isSubsetOf(
                  arrays.isEmpty() ? List.of() : arrays.subList(arrays.size() - 1, arrays.size()));
          written += stored.size();
        }
      }
    }
    assertThat(written).isGreaterThan(20);
  }

  /** A store into an element of an array, whose index may have brackets of its own. */
  private static Pattern stored(String array) {
    return Pattern.compile("\\b" + array + "\\[(?:[^\\[\\]]|\\[[^\\[\\]]*\\])*\\] [-+*|]?= ");
  }

  @Test
  void namesOfKernelsMeanNothingToOpenCl() throws IOException {
    List<String> words =
        List.of(
            ("auto break case char const continue default do double else enum extern float for goto if inline int long"
                    + " register restrict return short signed sizeof static struct switch typedef union unsigned void"
                    + " volatile while half kernel global local constant private read_only write_only uniform pipe bool"
                    + " abs add_sat all any atan barrier bitselect ceil clamp clz convert copysign cos cross degrees"
                    + " distance dot erf exp exp2 expm1 fabs fdim floor fma fmax fmin fmod fract frexp hypot isnan"
                    + " ldexp length lgamma log log1p log2 mad max min mix modf nan normalize pow prefetch printf radians"
                    + " remainder rint rotate round rsqrt select shuffle sign sin sincos sinh smoothstep sqrt step tan"
                    + " tanh tgamma trunc upsample")
                .split(" "));
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      Matcher m = METHOD.matcher(code(file));
      while (m.find()) {
        if ("public ".equals(m.group(1)) && words.contains(m.group(2))) {
          found.add(file.getFileName() + ": " + m.group(2));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /** Methods of the code for work-groups, by file and name. */
  private static Map<String, String> methodsOfTiles() throws IOException {
    Map<String, String> methods = new LinkedHashMap<>();
    for (Path file : files()) {
      String code = code(file);
      if (code.contains("KernelContext")) {
        for (String method : code.split("(?m)^  (?=(public |private )?static )", -1)) {
          methods.put(file.getFileName() + ": " + method.lines().findFirst().orElseThrow(), method);
        }
      }
    }
    return methods;
  }

  /** Otherwise TornadoVM reaches their elements as if they were in global memory. */
  @Test
  void memoryOfAWorkGroupIsNotHandedToMethods() throws IOException {
    Pattern local = Pattern.compile("(\\w+) = \\w+\\.allocate\\w+LocalArray\\(");
    int arrays = 0;
    for (Map.Entry<String, String> method : methodsOfTiles().entrySet()) {
      Matcher m = local.matcher(method.getValue());
      while (m.find()) {
        arrays++;
        assertThat(
                Pattern.compile("[(,]\\s*" + m.group(1) + "\\s*[,)]")
                    .matcher(method.getValue())
                    .find())
            .as(method.getKey() + " hands on " + m.group(1))
            .isFalse();
      }
    }
    assertThat(arrays).isGreaterThan(5);
  }

  /** Otherwise TornadoVM may fail to compile the code, depending on what is between. */
  @Test
  void whereAThreadIsIsReadOnceInAMethod() throws IOException {
    Pattern field = Pattern.compile("\\.((local|group|global)Id[xyz])\\b");
    int fields = 0;
    for (Map.Entry<String, String> method : methodsOfTiles().entrySet()) {
      List<String> read = field.matcher(method.getValue()).results().map(r -> r.group(1)).toList();
      assertThat(read).as(method.getKey()).doesNotHaveDuplicates();
      fields += read.size();
    }
    assertThat(fields).isGreaterThan(5);
  }

  @Test
  void aNumberOfIterationsIsRoundedUpByAnEighthAtMostAndFewNumbersAreLeft() {
    java.util.Set<Integer> numbers = new java.util.HashSet<>();
    for (int n = 1; n <= 100_000; n++) {
      int over = Spread.over(n);
      assertThat(over).isBetween(n, n + Math.max(1, n / 8));
      numbers.add(over);
    }
    assertThat(numbers).hasSizeLessThan(130);
  }
}
