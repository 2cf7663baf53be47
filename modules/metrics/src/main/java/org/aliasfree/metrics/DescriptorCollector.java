package org.aliasfree.metrics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Takes patches from images, one image after the other or on several threads.
 *
 * <p>The places of an image's patches are drawn by the seed and by what the image shows (the first
 * 64 bits of the SHA-256 of its bytes), not by its number, so that a set has the same descriptors
 * in any order. Each is drawn evenly among those where the patch lies inside the image, and may
 * come more than once.
 *
 * <p>Memory is bounded: of each level there are at most {@value #MAX_DESCRIPTORS} descriptors, of
 * {@code 196 · channels} bytes each. Up to 1024 images give {@value #PER_IMAGE} each; of more
 * images each gives as many fewer, ⌊{@value #MAX_DESCRIPTORS} / images⌋.
 */
public final class DescriptorCollector {
  /** Most descriptors of an image at each level. */
  public static final int PER_IMAGE = 128;

  /** Most descriptors of a set at each level. */
  public static final int MAX_DESCRIPTORS = 1 << 17;

  /** Most images of a set: each gives one descriptor or more. */
  public static final int MAX_IMAGES = MAX_DESCRIPTORS;

  private final TensorType imageType;
  private final int images;
  private final int perImage;
  private final long seed;
  private final List<DescriptorLevel> levels = new ArrayList<>();
  private final AtomicIntegerArray added;

  /**
   * Room for the descriptors of a set.
   *
   * @param imageType u8 [channels, resolution, resolution] with 1 channel or more and a resolution
   *     of 16 or more. The levels are the resolution, its half and so on, while that is whole and
   *     16 or more
   * @param images of the set, 1 to {@value #MAX_IMAGES}
   * @param seed of the places, 0 to 2<sup>32</sup> − 1
   */
  public DescriptorCollector(TensorType imageType, int images, long seed) {
    checkType(imageType);
    if (images < 1 || images > MAX_IMAGES) {
      throw new AliasFreeException(
          "Cannot describe a set of "
              + images
              + " images: there must be 1 to "
              + MAX_IMAGES
              + "; take some of them.");
    }
    if (seed < 0 || seed > RandomState.MAX_SEED) {
      throw new AliasFreeException(
          "The seed "
              + seed
              + " is out of range: give one from 0 to "
              + RandomState.MAX_SEED
              + ".");
    }
    this.imageType = imageType;
    this.images = images;
    this.seed = seed;
    perImage = Math.min(PER_IMAGE, MAX_DESCRIPTORS / images);
    for (int size : LaplacianPyramid.sizes(resolution())) {
      levels.add(new DescriptorLevel(size, channels(), images, perImage));
    }
    added = new AtomicIntegerArray(images);
  }

  private static void checkType(TensorType type) {
    if (type.dtype() != DType.U8
        || type.shape().rank() != 3
        || type.shape().dim(1) != type.shape().dim(2)
        || type.shape().dim(0) < 1
        || type.shape().dim(1) < LaplacianPyramid.SMALLEST) {
      throw new AliasFreeException(
          "Images to be compared by their patches must be u8 [channels, R, R] with R of "
              + LaplacianPyramid.SMALLEST
              + " or more, not "
              + type
              + ".");
    }
  }

  private int channels() {
    return imageType.shape().intDim(0);
  }

  private int resolution() {
    return imageType.shape().intDim(1);
  }

  /**
   * Takes the patches of an image. May be called by several threads at once.
   *
   * @param index number of the image in the set, from 0; each once, in any order
   * @param image of the type of the set
   */
  public void add(int index, HostTensor image) {
    if (!image.type().equals(imageType)) {
      throw new AliasFreeException(
          "The images of this set are " + imageType + ", but this one is " + image.type() + ".");
    }
    if (index < 0 || index >= images || !added.compareAndSet(index, 0, 1)) {
      throw new AliasFreeException(
          "Image "
              + index
              + " of a set of "
              + images
              + " was added twice, or is not one of them; give each number from 0 once.");
    }
    byte[] samples = image.data().toArray(ValueLayout.JAVA_BYTE);
    float[] values = new float[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = samples[i] & 0xff;
    }
    long content = content(samples);
    List<float[]> pyramid = LaplacianPyramid.of(values, channels(), resolution());
    for (int l = 0; l < levels.size(); l++) {
      DescriptorLevel level = levels.get(l);
      level.put(index, pyramid.get(l), places(content, level.size()));
    }
  }

  /** Left and top of each patch; the random stream is the size of the level. */
  private int[] places(long content, int size) {
    HostTensor drawn = heap(2L * perImage);
    ImageRandom.philox((int) seed, size, content).uniform(drawn);
    int[] places = new int[2 * perImage];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (drawn.get(i) * (size - DescriptorLevel.PATCH + 1));
    }
    return places;
  }

  /** f32 [1, elements]. */
  static HostTensor heap(long elements) {
    TensorType type = TensorType.f32(1, elements);
    return new HostTensor(type, MemorySegment.ofArray(new byte[(int) type.bytes()]));
  }

  private static long content(byte[] samples) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(samples)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Normalises the descriptors; to be called once, after all images. */
  public PatchDescriptors finish() {
    for (int i = 0; i < images; i++) {
      if (added.get(i) == 0) {
        throw new AliasFreeException(
            "Image " + i + " of a set of " + images + " is missing; add each before the end.");
      }
    }
    levels.forEach(DescriptorLevel::normalise);
    return new PatchDescriptors(imageType, images, seed, List.copyOf(levels));
  }
}
