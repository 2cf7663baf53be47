package org.aliasfree.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * The items of a data set that the grids of a training run show, and whose labels its fakes have.
 * Without labels they are random; with labels each row has items of one label, the labels in
 * ascending order from their last element on.
 */
public final class SampleGrid {
  private static final int WIDEST = 7680;
  private static final int HIGHEST = 4320;
  private static final int LEAST_COLUMNS = 7;
  private static final int LEAST_ROWS = 4;
  private static final int MOST = 32;

  private final ImageDataset dataset;
  private final int columns;
  private final int rows;
  private final int[] items;

  private SampleGrid(ImageDataset dataset, int columns, int rows, int[] items) {
    this.dataset = dataset;
    this.columns = columns;
    this.rows = rows;
    this.items = items;
  }

  /** The grid of the original: its size follows from the resolution, its seed is 0. */
  public static SampleGrid of(ImageDataset dataset) {
    return of(dataset, OptionalInt.empty(), OptionalInt.empty(), 0);
  }

  /**
   * A grid of a wanted size.
   *
   * @param columns images in a row; empty: as many as fit 7680 pixels, 7 to 32
   * @param rows of images; empty: as many as fit 4320 pixels, 4 to 32
   * @param seed decides which items are shown, 0 to 2<sup>32</sup> − 1
   */
  public static SampleGrid of(
      ImageDataset dataset, OptionalInt columns, OptionalInt rows, long seed) {
    int gw = columns.orElse(Math.clamp(WIDEST / dataset.resolution(), LEAST_COLUMNS, MOST));
    int gh = rows.orElse(Math.clamp(HIGHEST / dataset.resolution(), LEAST_ROWS, MOST));
    long bytes = (long) gw * gh * dataset.imageType().bytes();
    if (gw < 1 || gh < 1 || bytes > Integer.MAX_VALUE) {
      throw new AliasFreeException(
          "A grid of "
              + gw
              + "x"
              + gh
              + " images of "
              + dataset.imageType()
              + " cannot be drawn; it needs at least 1x1 and at most 2 GiB.");
    }
    RandomState random = new RandomState(seed);
    int[] items =
        dataset.hasLabels() ? byLabel(dataset, gw, gh, random) : any(dataset, gw * gh, random);
    return new SampleGrid(dataset, gw, gh, items);
  }

  private static int[] any(ImageDataset dataset, int cells, RandomState random) {
    int[] order = random.permutation(dataset.size());
    int[] items = new int[cells];
    for (int i = 0; i < cells; i++) {
      items[i] = order[i % order.length];
    }
    return items;
  }

  private static int[] byLabel(ImageDataset dataset, int columns, int rows, RandomState random) {
    SortedMap<float[], List<Integer>> byLabel = new TreeMap<>(Arrays::compare);
    for (int i = 0; i < dataset.size(); i++) {
      byLabel.computeIfAbsent(sortKey(dataset, i), k -> new ArrayList<>()).add(i);
    }
    List<int[]> groups = new ArrayList<>();
    for (List<Integer> members : byLabel.values()) {
      int[] group = members.stream().mapToInt(Integer::intValue).toArray();
      random.shuffle(group);
      groups.add(group);
    }
    int[] items = new int[columns * rows];
    for (int y = 0; y < rows; y++) {
      int[] group = groups.get(y % groups.size());
      long taken = (long) (y / groups.size()) * columns;
      for (int x = 0; x < columns; x++) {
        items[y * columns + x] = group[(int) ((taken + x) % group.length)];
      }
    }
    return items;
  }

  /** The elements of the raw label from the last to the first; both zeros are the same. */
  private static float[] sortKey(ImageDataset dataset, int item) {
    HostTensor raw = dataset.details(item).rawLabel();
    int n = (int) raw.type().elements();
    float[] key = new float[n];
    for (int i = 0; i < n; i++) {
      key[i] = (float) raw.get(n - 1L - i) + 0f;
    }
    return key;
  }

  /** Images in a row. */
  public int columns() {
    return columns;
  }

  /** Rows of images. */
  public int rows() {
    return rows;
  }

  /** Cells: columns · rows. */
  public int size() {
    return items.length;
  }

  /** The item of the data set in a cell, counted along the rows. */
  public int item(int cell) {
    return items[cell];
  }

  /** Labels of all cells, f32 [size, labelDim]. */
  public HostTensor labels() {
    long bytes = 4L * dataset.labelDim();
    HostTensor labels = HostTensor.allocate(TensorType.f32(size(), dataset.labelDim()));
    for (int i = 0; i < size(); i++) {
      dataset.readLabel(items[i], labels.data().asSlice(i * bytes, bytes));
    }
    return labels;
  }

  /** The images of all cells, u8 [size, C, H, W]. */
  public HostTensor images() {
    TensorType image = dataset.imageType();
    int resolution = dataset.resolution();
    HostTensor images =
        HostTensor.allocate(
            TensorType.of(DType.U8, size(), dataset.channels(), resolution, resolution));
    for (int i = 0; i < size(); i++) {
      dataset.read(items[i], images.data().asSlice(i * image.bytes(), image.bytes()));
    }
    return images;
  }

  /**
   * Draws a batch of images as this grid, see {@link ImageGrid#put(int, HostTensor, float, float)}.
   *
   * @param images [size, C, H, W]
   * @param low the value that becomes 0: 0 for images of the data set, −1 for a network's
   * @param high the value that becomes 255: 255 or 1
   * @return u8 [rows · H, columns · W, C], for {@link PngWriter}
   */
  public HostTensor draw(HostTensor images, float low, float high) {
    if (images.shape().rank() != 4 || images.shape().dim(0) != size()) {
      throw new AliasFreeException(
          "A grid of "
              + columns
              + "x"
              + rows
              + " takes as many images [N, C, H, W], not "
              + images.type()
              + ".");
    }
    ImageGrid grid =
        new ImageGrid(
            columns,
            rows,
            images.shape().intDim(2),
            images.shape().intDim(3),
            images.shape().intDim(1));
    for (int i = 0; i < size(); i++) {
      grid.put(i, images.row(i), low, high);
    }
    return grid.pixels();
  }
}
