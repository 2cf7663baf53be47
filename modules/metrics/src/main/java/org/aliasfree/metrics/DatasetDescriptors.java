package org.aliasfree.metrics;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.random.RandomState;

/** Descriptors of the images of a data set, or of a part of it. */
public final class DatasetDescriptors {
  private DatasetDescriptors() {}

  /**
   * Which items of a data set are compared with a network: all, or where there are more than {@link
   * DescriptorCollector#MAX_IMAGES}, so many of them, drawn by the seed.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   */
  public static int[] items(ImageDataset dataset, long seed) {
    int[] all = IntStream.range(0, dataset.size()).toArray();
    return bounded(all, seed);
  }

  /**
   * The items of two halves of a data set: its pictures shuffled by the seed and cut in the middle,
   * the second half one larger where their number is odd. A picture and its mirrored copies are in
   * the same half.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   * @return two arrays of items
   */
  public static int[][] halves(ImageDataset dataset, long seed) {
    int views =
        (dataset.options().xflip() ? 2 : 1) * (dataset.options().mirrorVertically() ? 2 : 1);
    int pictures = dataset.size() / views;
    if (pictures < 2) {
      throw new AliasFreeException(
          "The data set "
              + dataset.path()
              + " has one image, which has no halves to be compared; take 2 images or more.");
    }
    int[] order = new RandomState(seed).permutation(pictures);
    int middle = pictures / 2;
    return new int[][] {
      bounded(views(Arrays.copyOfRange(order, 0, middle), views, pictures), seed),
      bounded(views(Arrays.copyOfRange(order, middle, pictures), views, pictures), seed)
    };
  }

  private static int[] views(int[] order, int views, int pictures) {
    return IntStream.range(0, views)
        .flatMap(view -> Arrays.stream(order).map(picture -> view * pictures + picture))
        .toArray();
  }

  private static int[] bounded(int[] items, long seed) {
    if (items.length <= DescriptorCollector.MAX_IMAGES) {
      return items;
    }
    int[] chosen = new RandomState(seed).choice(items.length, DescriptorCollector.MAX_IMAGES);
    return Arrays.stream(chosen).map(i -> items[i]).toArray();
  }

  /**
   * The descriptors of some items.
   *
   * @param items 1 to {@link DescriptorCollector#MAX_IMAGES} numbers of items
   * @param seed of the places, 0 to 2<sup>32</sup> − 1
   * @param threads that decode, 1 or more; the result does not depend on them
   * @param progress told the number of items done, growing, never by two threads at once
   * @throws AliasFreeException naming the file, when an image cannot be used
   */
  public static PatchDescriptors of(
      ImageDataset dataset, int[] items, long seed, int threads, IntConsumer progress) {
    DescriptorCollector collector =
        new DescriptorCollector(dataset.imageType(), items.length, seed);
    Parallel.run(items.length, threads, progress, i -> collector.add(i, dataset.image(items[i])));
    return collector.finish();
  }
}
