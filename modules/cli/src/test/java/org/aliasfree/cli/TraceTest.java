package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.backend.Plan;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.file.UnfinishedFile;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TraceTest {
  /** What the command asks a generator for. */
  private static final GenerationRequest PICTURES =
      GenerationRequest.defaults().withOnlyLayers(Pixels.LAYER);

  @TempDir private Path folder = Path.of("");

  private CommandRun generate(Path trace, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--network", CommandRun.TINY));
    args.addAll(List.of("--outdir", folder.resolve("out").toString()));
    args.addAll(List.of("--trace", trace.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private static OpenedNetwork tiny() {
    return OpenedNetwork.open(NetworkSource.parse(CommandRun.TINY), GeneratorFiles.AVERAGE);
  }

  private static JsonNode read(Path trace) {
    return JsonMapper.builder().build().readTree(trace);
  }

  private static List<JsonNode> events(Path trace, String category) {
    return read(trace)
        .get("traceEvents")
        .valueStream()
        .filter(event -> event.path("cat").asString("").equals(category))
        .toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static double begin(JsonNode event) {
    return event.get("ts").asDouble();
  }

  private static double end(JsonNode event) {
    return begin(event) + event.get("dur").asDouble();
  }

  private static boolean isInside(JsonNode inner, JsonNode outer) {
    double rounding = 1e-6;
    return inner.get("tid").equals(outer.get("tid"))
        && begin(inner) >= begin(outer) - rounding
        && end(inner) <= end(outer) + rounding;
  }

  private static List<Plan.Step> stepsOfThePlan(String backend, GenerationRequest request) {
    try (Backend opened = Backends.select(backend);
        ImageGenerator generator = ImageGenerator.open(opened, tiny().weights().get())) {
      return generator.plan(1, request).steps().stream().filter(step -> !step.prepared()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu-reference", "cpu-vector"})
  void everyStepIsInsideEachRunOnceWithItsWork(String backend) {
    Path trace = folder.resolve("trace.json");
    CommandRun run = generate(trace, "--seeds=0-2", "--backend", backend);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(0);
    List<Plan.Step> plan = stepsOfThePlan(backend, PICTURES);
    double gflop = plan.stream().mapToLong(step -> step.work().flops()).sum() / 1e9;
    List<JsonNode> runs = events(trace, "run");
    assertThat(runs).hasSize(3);
    for (JsonNode one : runs) {
      List<JsonNode> steps =
          events(trace, "step").stream().filter(step -> isInside(step, one)).toList();
      assertThat(steps.stream().map(step -> step.at("/args/op").asString()))
          .isEqualTo(plan.stream().map(Plan.Step::op).toList());
      for (int i = 1; i < steps.size(); i++) {
        assertThat(begin(steps.get(i))).isGreaterThanOrEqualTo(end(steps.get(i - 1)) - 1e-6);
      }
      assertThat(steps.stream().mapToDouble(step -> step.at("/args/GFLOP").asDouble()).sum())
          .isCloseTo(gflop, org.assertj.core.data.Offset.offset(1e-12))
          .isCloseTo(one.at("/args/GFLOP").asDouble(), org.assertj.core.data.Offset.offset(1e-12));
    }
    assertThat(events(trace, "stage").stream().map(event -> event.get("name").asString()))
        .contains("load network", "open network", "compile", "create run", "write files");
    assertThat(read(trace).get("droppedEvents").asInt()).isEqualTo(0);
  }

  @Test
  void aLayerIsShownWithItsShapesAndTheArithmeticOfItsFormula() {
    Path trace = folder.resolve("trace.json");
    generate(trace, "--seeds=0,1", "--batch=2", "--backend=cpu-reference");
    JsonNode args =
        events(trace, "step").stream()
            .filter(step -> step.get("name").asString().startsWith("modulated_conv2d synthesis.L1"))
            .findFirst()
            .orElseThrow()
            .get("args");
    List<String> inputs = args.get("inputs").valueStream().map(JsonNode::asString).toList();
    List<String> outputs = args.get("outputs").valueStream().map(JsonNode::asString).toList();
    assertThat(inputs.getFirst()).isEqualTo("f32[2, 8, 36, 36]");
    assertThat(inputs.get(1)).isEqualTo("f32[8, 8, 3, 3]");
    assertThat(outputs).containsExactly("f32[2, 8, 38, 38]");
    long x = 2 * 8 * 36 * 36;
    long y = 2 * 8 * 38 * 38;
    assertThat(args.get("GFLOP").asDouble() * 1e9).isEqualTo(2.0 * y * 8 * 9 + x + y);
  }

  @Test
  void picturesAreTheSameWithATrace() throws IOException {
    CommandRun.of(
        "generate",
        "--network",
        CommandRun.TINY,
        "--seeds=5",
        "--save-raw",
        "--outdir",
        folder.resolve("plain").toString());
    generate(folder.resolve("trace.json"), "--seeds=5", "--save-raw");
    for (String name : List.of("seed0005.png", "seed0005.safetensors")) {
      assertThat(folder.resolve("out").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("plain").resolve(name));
    }
  }

  @Test
  void threadsHaveLanesOfTheirOwn() throws Exception {
    Path trace = folder.resolve("trace.json");
    Backend plain = Backends.select("cpu-vector");
    BackendObserver observer =
        new ChromeTrace(plain, new TraceFile(UnfinishedFile.begin(trace), () -> true, 100_000));
    int threads = 4;
    int images = 3;
    try (Backend backend = ObservedBackend.of(plain, observer);
        ImageGenerator generator =
            ImageGenerator.open(
                backend, tiny().weights().get(), org.aliasfree.network.Precision.F32, threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      var together = new java.util.concurrent.CyclicBarrier(threads);
      Callable<Void> work =
          () -> {
            together.await();
            for (int i = 0; i < images; i++) {
              generator.generate(generator.latents(i), GenerationRequest.defaults());
            }
            return null;
          };
      for (var done : pool.invokeAll(java.util.Collections.nCopies(threads, work))) {
        done.get();
      }
    }
    List<JsonNode> runs = events(trace, "run");
    assertThat(runs.stream().map(run -> run.get("tid")).distinct()).hasSize(threads);
    int steps = stepsOfThePlan("cpu-vector", GenerationRequest.defaults()).size();
    for (JsonNode run : runs) {
      assertThat(events(trace, "step").stream().filter(step -> isInside(step, run))).hasSize(steps);
    }
    assertThat(runs).hasSize(threads * images);
  }

  @Test
  void whatCannotBeWrittenIsToldWithAllElseThatIsWrongBeforeAnythingIsDone() throws IOException {
    CommandRun one = generate(folder.resolve("nowhere/trace.json"), "--seeds=1");
    assertThat(one.exitCode()).isEqualTo(1);
    assertThat(one.err()).hasSize(1);
    assertThat(one.err().getFirst()).contains("--trace: ", "nowhere does not exist");
    CommandRun two = generate(folder, "--seeds=one");
    assertThat(two.exitCode()).isEqualTo(2);
    assertThat(two.err()).hasSize(2);
    assertThat(files()).isEmpty();
  }

  @Test
  void aCommandThatIsWrongLeavesTheTraceOfEarlierAlone() throws IOException {
    Path trace = folder.resolve("trace.json");
    Files.writeString(trace, "earlier");
    assertThat(generate(trace, "--seeds=1", "--trunc=x").exitCode()).isEqualTo(2);
    assertThat(trace).hasContent("earlier");
    assertThat(files()).containsExactly("trace.json");
  }

  @Test
  void workThatFailsLeavesTheTraceUpToThere() throws IOException {
    Path trace = folder.resolve("trace.json");
    Files.createDirectories(folder.resolve("out/seed0001.png"));
    CommandRun run = generate(trace, "--seeds=0-1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(events(trace, "run")).hasSize(2);
  }

  @Test
  void anyTextIsJsonAndWhatIsBeyondTheLimitIsCounted() {
    Path trace = folder.resolve("trace.json");
    String text = "\"\\\n\u0000\u2028</script>\ud83d\ude00";
    try (Backend backend = Backends.select("cpu-reference")) {
      BackendObserver observer =
          new ChromeTrace(backend, new TraceFile(UnfinishedFile.begin(trace), () -> true, 3));
      for (int i = 0; i < 5; i++) {
        observer.begin(new Activity.Stage(text, text)).close();
      }
      observer.backendClosed();
    }
    List<JsonNode> stages = events(trace, "stage");
    assertThat(stages).hasSize(3);
    assertThat(stages.getFirst().get("name").asString()).isEqualTo(text);
    assertThat(read(trace).get("droppedEvents").asInt()).isEqualTo(2);
  }

  @Test
  void aDiskThatFailsEndsTheTraceAndNotTheWork() throws IOException {
    UnfinishedFile file = UnfinishedFile.begin(folder.resolve("trace.json"));
    try (Backend backend = Backends.select("cpu-reference")) {
      BackendObserver observer =
          new ChromeTrace(backend, new TraceFile(file, () -> true, 1_000_000));
      file.channel().close();
      for (int i = 0; i < 2000; i++) {
        observer.begin(new Activity.Stage("more than what is buffered", "")).close();
      }
      assertThatThrownBy(observer::backendClosed)
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("trace.json");
    }
    assertThat(files()).isEmpty();
  }
}
