package org.aliasfree.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.aliasfree.tensor.HostTensor;

/** What a sheet of pictures shows: its rows, its columns, and the latents of each cell. */
sealed interface SheetKind {
  /** What the rows show, from the top. */
  List<String> rows();

  /** What the columns show, from the left. */
  List<String> columns();

  /** How many pictures there are. */
  default int pictures() {
    return rows().size() * columns().size();
  }

  /** A picture; empty where there is none. */
  Optional<SheetCell> cell(int row, int column, Latents latents);

  /** A picture for each seed, along the rows. */
  record Samples(List<Long> seeds, int width, int height) implements SheetKind {
    @Override
    public List<String> rows() {
      return IntStream.range(0, height)
          .mapToObj(y -> seeds.subList(y * width, Math.min((y + 1) * width, seeds.size())))
          .map(row -> "seeds " + String.join(",", row.stream().map(String::valueOf).toList()))
          .toList();
    }

    @Override
    public List<String> columns() {
      return IntStream.range(0, width).mapToObj(String::valueOf).toList();
    }

    @Override
    public int pictures() {
      return seeds.size();
    }

    @Override
    public Optional<SheetCell> cell(int row, int column, Latents latents) {
      int index = row * width + column;
      return index < seeds.size()
          ? Optional.of(new SheetCell(latents.ws(seeds.get(index)), seeds.get(index)))
          : Optional.empty();
    }
  }

  /**
   * From each seed to the next.
   *
   * @param seeds 2 or more
   * @param steps pictures of a way, both ends included, 2 or more
   * @param inZ whether on the arc between the latents that are drawn, rather than on the line
   *     between what they are mapped to
   */
  record Walk(List<Long> seeds, int steps, boolean inZ) implements SheetKind {
    @Override
    public List<String> rows() {
      return IntStream.range(0, seeds.size() - 1)
          .mapToObj(row -> ofSeed(seeds.get(row)) + " to " + ofSeed(seeds.get(row + 1)))
          .toList();
    }

    @Override
    public List<String> columns() {
      return IntStream.range(0, steps).mapToObj(i -> number(i / (steps - 1.0))).toList();
    }

    @Override
    public Optional<SheetCell> cell(int row, int column, Latents latents) {
      long from = seeds.get(row);
      long to = seeds.get(row + 1);
      double t = column / (steps - 1.0);
      HostTensor ws =
          inZ
              ? latents.ws(Latents.arc(latents.z(from), latents.z(to), t))
              : Latents.line(latents.ws(from), latents.ws(to), t);
      return Optional.of(new SheetCell(ws, t < 1 ? from : to));
    }
  }

  /** Each seed at several truncations. */
  record Truncation(List<Long> seeds, List<Double> psis) implements SheetKind {
    @Override
    public List<String> rows() {
      return ofSeeds(seeds);
    }

    @Override
    public List<String> columns() {
      return psis.stream().map(psi -> "psi " + number(psi)).toList();
    }

    @Override
    public Optional<SheetCell> cell(int row, int column, Latents latents) {
      long seed = seeds.get(row);
      return Optional.of(new SheetCell(latents.withPsi(psis.get(column)).ws(seed), seed));
    }
  }

  /** Each seed in several classes. */
  record Classes(List<Long> seeds, List<Integer> labels) implements SheetKind {
    @Override
    public List<String> rows() {
      return ofSeeds(seeds);
    }

    @Override
    public List<String> columns() {
      return labels.stream().map(label -> "class " + label).toList();
    }

    @Override
    public Optional<SheetCell> cell(int row, int column, Latents latents) {
      long seed = seeds.get(row);
      return Optional.of(new SheetCell(latents.withLabel(labels.get(column)).ws(seed), seed));
    }
  }

  /**
   * Style mixing: some w of the row's seed are replaced by those of the column's. The first row and
   * column show the seeds themselves.
   *
   * @param layers indices of the w that are the column's
   */
  record Mix(List<Long> rowSeeds, List<Long> columnSeeds, List<Integer> layers)
      implements SheetKind {
    @Override
    public List<String> rows() {
      return Stream.concat(Stream.of("unmixed"), ofSeeds(rowSeeds).stream()).toList();
    }

    @Override
    public List<String> columns() {
      return Stream.concat(Stream.of("unmixed"), ofSeeds(columnSeeds).stream()).toList();
    }

    @Override
    public int pictures() {
      return (rowSeeds.size() + 1) * (columnSeeds.size() + 1) - 1;
    }

    @Override
    public Optional<SheetCell> cell(int row, int column, Latents latents) {
      if (row == 0 && column == 0) {
        return Optional.empty();
      }
      long seed = row == 0 ? columnSeeds.get(column - 1) : rowSeeds.get(row - 1);
      HostTensor ws = latents.ws(seed);
      if (row > 0 && column > 0) {
        HostTensor other = latents.ws(columnSeeds.get(column - 1)).row(0);
        layers.forEach(i -> ws.row(0).row(i).data().copyFrom(other.row(i).data()));
      }
      return Optional.of(new SheetCell(ws, seed));
    }
  }

  /** Each seed moved and turned. */
  record Transform(List<Long> seeds, List<Movement> movements) implements SheetKind {
    @Override
    public List<String> rows() {
      return ofSeeds(seeds);
    }

    @Override
    public List<String> columns() {
      return movements.stream()
          .map(m -> m.x() != 0 ? "shifted by " + number(m.x()) : "turned by " + number(m.degrees()))
          .toList();
    }

    @Override
    public Optional<SheetCell> cell(int row, int column, Latents latents) {
      long seed = seeds.get(row);
      return Optional.of(new SheetCell(latents.ws(seed), movements.get(column), seed));
    }
  }

  private static List<String> ofSeeds(List<Long> seeds) {
    return seeds.stream().map(SheetKind::ofSeed).toList();
  }

  private static String ofSeed(long seed) {
    return "seed " + seed;
  }

  /** Without zeros that say nothing: 0.5, 45. */
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
  }
}
