package org.aliasfree.metrics;

import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Descriptors of images that a network makes, in the 8 bits in which they are saved.
 *
 * @param images how many, 1 to {@link DescriptorCollector#MAX_IMAGES}
 * @param seed of the first image; the others have the seeds that follow, so that they are the
 *     pictures that {@code aliasfree generate} makes of these seeds. Places, noise and labels are
 *     drawn by it too. 0 to 2<sup>32</sup> − 1, as the last one must be
 * @param psi truncation
 * @param batch images made together, 1 or more
 */
public record GeneratedDescriptors(int images, long seed, double psi, int batch) {
  /** Of random numbers; sizes of levels and their negatives are other streams. */
  private static final int LABELS = 0;

  /** Checks the ranges. */
  public GeneratedDescriptors {
    if (images < 1
        || images > DescriptorCollector.MAX_IMAGES
        || batch < 1
        || seed < 0
        || seed + images - 1 > RandomState.MAX_SEED) {
      throw new AliasFreeException(
          "Cannot measure "
              + images
              + " images from the seed "
              + seed
              + " on in batches of "
              + batch
              + ": give 1 to "
              + DescriptorCollector.MAX_IMAGES
              + " images, batches of 1 or more, and seeds up to "
              + RandomState.MAX_SEED
              + ".");
    }
  }

  /** Type of the images that a network makes, as they are saved: u8 [channels, R, R]. */
  public static TensorType imageType(Generator generator) {
    int size = generator.imgResolution();
    return TensorType.of(DType.U8, generator.imgChannels(), size, size);
  }

  /**
   * Makes the images and describes them.
   *
   * @param labelled where the labels of a conditional network come from: those of its items, drawn
   *     evenly; not looked at for others
   * @param progress told the number of images done
   */
  public PatchDescriptors of(
      ImageGenerator generator, Optional<ImageDataset> labelled, IntConsumer progress) {
    TensorType type = imageType(generator.generator());
    DescriptorCollector collector = new DescriptorCollector(type, images, seed);
    for (int first = 0; first < images; first += batch) {
      int end = Math.min(first + batch, images);
      long[] seeds = LongStream.range(seed + first, seed + end).toArray();
      HostTensor made =
          generator
              .generate(
                  generator.latents(seeds),
                  labels(generator.generator(), labelled, first, end),
                  request(generator.generator(), seeds))
              .image();
      for (int i = first; i < end; i++) {
        collector.add(i, planes(Pixels.of(made.row(i - first)), type));
        progress.accept(i + 1);
      }
    }
    return collector.finish();
  }

  /** Fresh noise for each image, where a network has any: that is what it was trained with. */
  private GenerationRequest request(Generator generator, long[] seeds) {
    GenerationRequest request = GenerationRequest.defaults().withTruncationPsi(psi);
    return generator.hasNoise() ? request.withRandomNoise(seeds) : request;
  }

  private HostTensor labels(
      Generator generator, Optional<ImageDataset> labelled, int first, int end) {
    HostTensor labels = HostTensor.allocate(TensorType.f32(end - first, generator.cDim()));
    if (generator.cDim() > 0) {
      ImageDataset dataset =
          labelled
              .filter(d -> d.labelDim() == generator.cDim())
              .orElseThrow(
                  () ->
                      new AliasFreeException(
                          "The network takes labels of "
                              + generator.cDim()
                              + " numbers, and there are none to draw from; give a data set with"
                              + " such labels."));
      for (int i = first; i < end; i++) {
        dataset.readLabel(item(i, dataset.size()), labels.row(i - first).data());
      }
    }
    return labels;
  }

  /** 48 random bits reach every item of any data set, evenly. */
  private int item(int image, int items) {
    HostTensor drawn = DescriptorCollector.heap(2);
    ImageRandom.philox((int) seed, LABELS, image).uniform(drawn);
    return (int) ((drawn.get(0) + drawn.get(1) * 0x1p-24) * items);
  }

  /** From u8 [R, R, C] to [C, R, R]. */
  private static HostTensor planes(HostTensor pixels, TensorType type) {
    HostTensor planes = HostTensor.allocate(type);
    int channels = type.shape().intDim(0);
    long area = type.elements() / channels;
    for (int c = 0; c < channels; c++) {
      for (long p = 0; p < area; p++) {
        planes.set(c * area + p, pixels.get(p * channels + c));
      }
    }
    return planes;
  }
}
