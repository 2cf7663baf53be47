package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.cli.OptionValues.GridSize;
import org.aliasfree.network.Generator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a sheet shows. */
final class SheetOptions {
  private static final int WALK_SEEDS = 5;
  private static final int ROWS = 4;
  private static final int MIXED_COLUMNS = 6;
  private static final int MAX_STEPS = 100_000;

  /** What a sheet can show. */
  enum Kind {
    SAMPLES,
    WALK,
    TRUNCATION,
    CLASSES,
    MIX,
    TRANSFORM;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind parse(String text) {
      for (Kind kind : values()) {
        if (kind.word().equals(text)) {
          return kind;
        }
      }
      throw new AliasFreeException(
          OptionValues.quoted(text)
              + " is not one of samples, walk, truncation, classes, mix, transform.");
    }
  }

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "samples",
      completionCandidates = Words.OfSheetKinds.class,
      description =
          "samples: a picture for each seed; walk: in each row the way from one seed to the next; or a row for"
              + " each seed, and in its columns: truncation, several psi; classes, the classes; mix, the styles of"
              + " other seeds mixed in; transform, the picture turned and moved (StyleGAN3). Default:"
              + " ${DEFAULT-VALUE}.")
  private @Nullable String kind;

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      description = "Seeds: 1,2,5-10. Default: as many as are needed, from --seed-start on.")
  private @Nullable String seeds;

  @Option(
      names = "--seed-start",
      paramLabel = "SEED",
      description = "The first seed where there is no list. Default: 0.")
  private @Nullable String seedStart;

  @Option(
      names = "--grid",
      paramLabel = "WxH",
      description = "samples: columns and rows. Default: 8x8, or as --seeds needs.")
  private @Nullable String grid;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "walk: pictures in a row, those of both seeds included. Default: 8.")
  private @Nullable String steps;

  @Option(
      names = "--space",
      paramLabel = "w|z",
      description =
          "walk: on the line between the w of both seeds, or on the arc between their z. Default: w.")
  private @Nullable String space;

  @Option(
      names = "--psis",
      paramLabel = "LIST",
      description = "truncation: the values of psi. Default: 0,0.25,0.5,0.75,1.")
  private @Nullable String psis;

  @Option(
      names = "--classes",
      paramLabel = "LIST",
      description = "classes: which ones, such as 0-9. Default: all.")
  private @Nullable String classes;

  @Option(
      names = "--cols",
      paramLabel = "LIST",
      description = "mix: seeds of the columns. Default: the 6 after the first 4.")
  private @Nullable String cols;

  @Option(
      names = "--mix",
      paramLabel = "LIST",
      description =
          "mix: the w, counted from 0, that a picture has from its column's seed; all, or none. Default: 0-6, or the first half of fewer than 14.")
  private @Nullable String mix;

  @Option(
      names = "--degrees",
      paramLabel = "LIST",
      description = "transform: rotations. Default, without --shifts: 0,45,90,…,315.")
  private @Nullable String degrees;

  @Option(
      names = "--shifts",
      paramLabel = "LIST",
      description = "transform: shifts to the right by so many widths, after the rotations.")
  private @Nullable String shifts;

  /** Which kind; null, and a problem more, where it is none. */
  @Nullable Kind which(Problems problems) {
    return problems.parse("--kind", kind, Kind::parse);
  }

  /**
   * What is shown; null, and problems more, where that cannot be told.
   *
   * @param generator null where there is none: then what can be looked at is
   */
  @Nullable SheetKind read(Kind which, @Nullable Generator generator, Problems problems) {
    checkBelonging(which, problems);
    return switch (which) {
      case SAMPLES -> samples(problems);
      case WALK -> walk(problems);
      case TRUNCATION -> truncation(generator, problems);
      case CLASSES -> classes(generator, problems);
      case MIX -> mix(generator, problems);
      case TRANSFORM -> transform(generator, problems);
    };
  }

  private void checkBelonging(Kind which, Problems problems) {
    belongs("--grid", grid, Kind.SAMPLES, which, problems);
    belongs("--steps", steps, Kind.WALK, which, problems);
    belongs("--space", space, Kind.WALK, which, problems);
    belongs("--psis", psis, Kind.TRUNCATION, which, problems);
    belongs("--classes", classes, Kind.CLASSES, which, problems);
    belongs("--cols", cols, Kind.MIX, which, problems);
    belongs("--mix", mix, Kind.MIX, which, problems);
    belongs("--degrees", degrees, Kind.TRANSFORM, which, problems);
    belongs("--shifts", shifts, Kind.TRANSFORM, which, problems);
    if (seeds != null && seedStart != null) {
      problems.usage("--seeds and --seed-start both say which seeds; give one of them.");
    }
  }

  private static void belongs(
      String option, @Nullable String value, Kind owner, Kind which, Problems problems) {
    if (value != null && which != owner) {
      problems.usage(
          option
              + " is for --kind="
              + owner.word()
              + ", not for "
              + which.word()
              + "; leave it out.");
    }
  }

  private @Nullable List<Long> seeds(long count, Problems problems) {
    return seeds != null
        ? problems.parse("--seeds", seeds, OptionValues::seeds)
        : following("--seed-start", seedStart, 0, count, problems);
  }

  /** So many seeds, the first of them skipped; after the last seed that there is comes 0. */
  private static @Nullable List<Long> following(
      String option, @Nullable String start, long skipped, long count, Problems problems) {
    Long first = problems.parse(option, Objects.requireNonNullElse(start, "0"), OptionValues::seed);
    return first == null
        ? null
        : LongStream.range(skipped, skipped + count)
            .mapToObj(i -> (first + i) & 0xFFFF_FFFFL)
            .toList();
  }

  private static <T> @Nullable T parse(
      String option,
      @Nullable String text,
      String usual,
      Function<String, T> parser,
      Problems problems) {
    return problems.parse(option, Objects.requireNonNullElse(text, usual), parser);
  }

  private @Nullable SheetKind samples(Problems problems) {
    GridSize size = parse("--grid", grid, "8x8", OptionValues::grid, problems);
    if (size != null && size.cells() > OptionValues.MAX_SEEDS) {
      problems.usage("--grid: these are more than " + OptionValues.MAX_SEEDS + " pictures.");
      return null;
    }
    List<Long> list = seeds(size == null ? 1 : size.cells(), problems);
    if (size == null || list == null) {
      return null;
    }
    if (grid != null) {
      GenerateCommand.checkGrid(size, "--seeds", list.size(), "seeds", problems);
    }
    int width = grid == null ? Math.min(size.width(), list.size()) : size.width();
    return new SheetKind.Samples(list, width, Math.ceilDiv(list.size(), width));
  }

  private @Nullable SheetKind walk(Problems problems) {
    List<Long> list = seeds(WALK_SEEDS, problems);
    Integer count =
        parse("--steps", steps, "8", t -> OptionValues.integer(t, 2, MAX_STEPS), problems);
    Boolean inZ = parse("--space", space, "w", SheetOptions::isZ, problems);
    if (list != null && list.size() < 2) {
      problems.usage("--seeds: a walk goes from seed to seed; give 2 or more.");
    }
    return list == null || count == null || inZ == null
        ? null
        : new SheetKind.Walk(list, count, inZ);
  }

  private static boolean isZ(String text) {
    return switch (text) {
      case "z" -> true;
      case "w" -> false;
      default -> throw new AliasFreeException(OptionValues.quoted(text) + " is not w or z.");
    };
  }

  private @Nullable SheetKind truncation(@Nullable Generator generator, Problems problems) {
    List<Long> list = seeds(ROWS, problems);
    List<Double> values =
        parse("--psis", psis, "0,0.25,0.5,0.75,1", OptionValues::numbers, problems);
    if (generator != null && values != null) {
      values.forEach(psi -> PictureOptions.checkTruncation("--psis", generator, psi, problems));
    }
    return list == null || values == null ? null : new SheetKind.Truncation(list, values);
  }

  private @Nullable SheetKind classes(@Nullable Generator generator, Problems problems) {
    List<Long> list = seeds(ROWS, problems);
    List<Integer> labels =
        problems.parse("--classes", classes, t -> OptionValues.indices(t, "class", "classes"));
    if (generator == null) {
      return null;
    }
    if (generator.cDim() == 0) {
      problems.usage("--kind: the network has no classes; choose a conditional one.");
      return null;
    }
    if (labels != null) {
      labels.forEach(
          label -> PictureOptions.checkClass("--classes", label, generator.cDim(), problems));
    } else if (classes == null) {
      labels = IntStream.range(0, generator.cDim()).boxed().toList();
    }
    return list == null || labels == null ? null : new SheetKind.Classes(list, labels);
  }

  private @Nullable SheetKind mix(@Nullable Generator generator, Problems problems) {
    List<Long> rows = seeds(ROWS, problems);
    List<Long> columns =
        cols != null
            ? problems.parse("--cols", cols, OptionValues::seeds)
            : following("--seed-start", seedStart, ROWS, MIXED_COLUMNS, problems);
    List<Integer> layers = mixed("--mix", mix, generator, problems);
    return generator == null || rows == null || columns == null || layers == null
        ? null
        : new SheetKind.Mix(rows, columns, layers);
  }

  /**
   * The w of a picture that are the column's; null, and a problem more, where they cannot be.
   *
   * @param text null for the first 7, or the first half of fewer than 14
   * @param generator null where there is none: then what can be looked at is
   */
  static @Nullable List<Integer> mixed(
      String option, @Nullable String text, @Nullable Generator generator, Problems problems) {
    int count = generator == null ? Integer.MAX_VALUE : generator.numWs();
    return parse(
        option, text, "0-" + (Math.min(14, count) / 2 - 1), t -> layers(t, count), problems);
  }

  private static List<Integer> layers(String text, int count) {
    if (text.equals("none")) {
      return List.of();
    }
    if (text.equals("all")) {
      return count == Integer.MAX_VALUE ? List.of() : IntStream.range(0, count).boxed().toList();
    }
    List<Integer> layers = OptionValues.indices(text, "layer", "layers");
    for (int layer : layers) {
      if (layer >= count) {
        throw new AliasFreeException(
            layer
                + " is out of range: the network takes "
                + count
                + " w, 0 to "
                + (count - 1)
                + ".");
      }
    }
    return layers;
  }

  private @Nullable SheetKind transform(@Nullable Generator generator, Problems problems) {
    List<Long> list = seeds(ROWS, problems);
    List<Double> angles =
        degrees == null && shifts != null
            ? List.of()
            : parse(
                "--degrees",
                degrees,
                "0,45,90,135,180,225,270,315",
                OptionValues::numbers,
                problems);
    List<Double> ways =
        shifts == null ? List.of() : problems.parse("--shifts", shifts, OptionValues::numbers);
    if (generator != null && !generator.hasInputTransform()) {
      problems.usage("--kind: the network's pictures cannot be moved; StyleGAN3's can.");
    }
    if (list == null || angles == null || ways == null) {
      return null;
    }
    List<Movement> movements = new ArrayList<>();
    angles.forEach(angle -> movements.add(new Movement(0, 0, angle)));
    ways.forEach(way -> movements.add(new Movement(way, 0, 0)));
    return new SheetKind.Transform(list, movements);
  }
}
