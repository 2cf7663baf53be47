package org.aliasfree.training.augment;

import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** An input that the pipe's part of a graph takes: what was drawn for the N images of a batch. */
public enum AugmentInput {
  /** f32 [N, 2, 3]: from output to input pixels about the centre. */
  INVERSE("augment.inverse"),
  /** i32 [4]: left, top, right, bottom margins that the whole batch needs. */
  MARGINS("augment.margins"),
  /** f32 [N, C, C + 1]: a matrix on the channels, and what is added. */
  COLOR("augment.color"),
  /** f32 [N, 4]: the gain of each frequency band. */
  BAND_GAINS("augment.band_gains"),
  /** f32 [N]: standard deviation of the noise. */
  NOISE_SIGMA("augment.noise_sigma"),
  /** f32 [N, C, H, W]: normal values. */
  NOISE("augment.noise"),
  /** f32 [N]: size of the rectangle in image sizes, 0 for none. */
  CUTOUT_SIZE("augment.cutout_size"),
  /** f32 [N, 2]: its centre along x and y, in image sizes. */
  CUTOUT_CENTER("augment.cutout_center");

  private final String label;

  AugmentInput(String label) {
    this.label = label;
  }

  /** The name of the graph's input, after the prefix of the pass. */
  public String label() {
    return label;
  }

  /**
   * The type for a batch.
   *
   * @param images [N, C, H, W]
   */
  public TensorType type(Shape images) {
    long n = images.dim(0);
    long c = images.dim(1);
    return switch (this) {
      case INVERSE -> TensorType.f32(n, 2, 3);
      case MARGINS -> TensorType.of(DType.I32, 4);
      case COLOR -> TensorType.f32(n, c, c + 1);
      case BAND_GAINS -> TensorType.f32(n, FilterBank.BANDS);
      case NOISE_SIGMA, CUTOUT_SIZE -> TensorType.f32(n);
      case NOISE -> new TensorType(DType.F32, images);
      case CUTOUT_CENTER -> TensorType.f32(n, 2);
    };
  }

  /** Whether a configuration needs it for images [N, C, H, W]. */
  public boolean isNeeded(AugmentConfig config, Shape images) {
    return switch (this) {
      case INVERSE, MARGINS -> config.hasGeometry();
      case COLOR -> config.hasColor(images.dim(1));
      case BAND_GAINS -> config.has(Augmentation.IMGFILTER);
      case NOISE_SIGMA, NOISE -> config.has(Augmentation.NOISE);
      case CUTOUT_SIZE, CUTOUT_CENTER -> config.has(Augmentation.CUTOUT);
    };
  }

  /** Fails where the pipe cannot work on images of a shape. */
  static void checkImages(AugmentConfig config, Shape images) {
    if (images.rank() != 4) {
      throw new AliasFreeException(
          "Augmentation works on images [N, C, H, W], not on a tensor of shape " + images + ".");
    }
    long channels = images.dim(1);
    if (config.hasColor(channels) && channels != 1 && channels != 3) {
      throw new AliasFreeException(
          "Colours of images with "
              + channels
              + " channels cannot be augmented: these must be gray (1) or RGB (3); choose an"
              + " augmentation preset without color, such as bg.");
    }
    long least = FilterBank.TAPS / 2 + 1;
    if (config.has(Augmentation.IMGFILTER) && (images.dim(2) < least || images.dim(3) < least)) {
      throw new AliasFreeException(
          "Images of "
              + images.dim(3)
              + "x"
              + images.dim(2)
              + " pixels cannot be filtered by augmentation: they must have at least "
              + least
              + " pixels each way; set imgfilter to 0.");
    }
  }
}
