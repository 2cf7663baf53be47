package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.aliasfree.measure.Sample;
import org.jspecify.annotations.Nullable;

/**
 * Another program and ours in turn, so that what disturbs the machine disturbs both. Each turn of
 * either begins with its own warm-up. The other is a new process each time, ours stays.
 *
 * @param other the other program
 * @param rounds turns of each
 */
record BenchComparison(OtherProgram other, int rounds) {
  /** A turn of each. */
  private record Round(OtherResult theirs, BenchResult ours) {
    /** How many times as long the other takes. */
    double ratio() {
      return theirs.seconds() / ours.seconds().median();
    }

    OptionalDouble memoryRatio() {
      return theirs.peakBytes().isPresent()
          ? OptionalDouble.of(theirs.peakBytes().getAsLong() / (double) ours.memory().bytes())
          : OptionalDouble.empty();
    }
  }

  /** Measures and tells. */
  void run(
      Bench bench, BenchSubject subject, BenchSettings settings, Console console, boolean json) {
    List<Round> done = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      ProgressLine progress = ProgressLine.of(console, subject.name(), !json);
      progress.show("the other program", i, rounds);
      OtherResult theirs;
      try {
        theirs = other.measure(subject, settings);
      } finally {
        progress.clear();
      }
      Round round = new Round(theirs, bench.measure(progress));
      done.add(round);
      if (json) {
        printJson(round, i, console);
      } else {
        console.line(text(round, i));
      }
    }
    console.line(json ? JsonText.of(out -> JsonText.write(summary(done), out)) : conclusion(done));
  }

  private static void printJson(Round round, int index, Console console) {
    for (Map<String, @Nullable Object> result :
        List.of(round.theirs.values(), BenchJson.of(round.ours))) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>(result);
      line.put("round", index + 1L);
      console.line(JsonText.of(out -> JsonText.write(line, out)));
    }
  }

  private static String text(Round round, int index) {
    BenchResult ours = round.ours;
    return String.format(
        Locale.ROOT,
        "%s, round %d: %s %.4f s, aliasfree %.4f s: %.2f times as fast%s",
        ours.subject().name(),
        index + 1,
        Console.oneLine(OptionValues.cut(round.theirs.peer())),
        round.theirs.seconds(),
        ours.seconds().median(),
        round.ratio(),
        round.theirs.peakBytes().isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                "; memory %s, %s",
                BenchText.megabytes(round.theirs.peakBytes().getAsLong()),
                BenchText.megabytes(ours.memory().bytes())));
  }

  private static String conclusion(List<Round> rounds) {
    Sample ratio = ratio(rounds);
    OptionalDouble memory = memoryRatio(rounds);
    return String.format(
        Locale.ROOT,
        "%s: %.2f times as fast (median of %d rounds, %.2f to %.2f)%s",
        rounds.getFirst().ours.subject().name(),
        ratio.median(),
        ratio.size(),
        ratio.min(),
        ratio.max(),
        memory.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT, "; the other takes %.2f times the memory", memory.getAsDouble()));
  }

  private static Map<String, @Nullable Object> summary(List<Round> rounds) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    Sample ratio = ratio(rounds);
    json.put("config", rounds.getFirst().ours.subject().name());
    json.put("against", rounds.getFirst().theirs.peer());
    json.put("rounds", (long) rounds.size());
    json.put("ratio", BenchJson.round(ratio.median()));
    json.put("ratio_min", BenchJson.round(ratio.min()));
    json.put("ratio_max", BenchJson.round(ratio.max()));
    memoryRatio(rounds).ifPresent(m -> json.put("peak_ratio", BenchJson.round(m)));
    return json;
  }

  private static Sample ratio(List<Round> rounds) {
    return Sample.of(rounds.stream().mapToDouble(Round::ratio).toArray());
  }

  private static OptionalDouble memoryRatio(List<Round> rounds) {
    double[] ratios =
        rounds.stream().flatMapToDouble(round -> round.memoryRatio().stream()).toArray();
    return ratios.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Sample.of(ratios).median());
  }
}
