package org.aliasfree.training.augment;

import java.util.Arrays;
import java.util.Optional;

/**
 * What the augmentation pipe can do to an image, in the order in which it draws. Each has a
 * keyword, which sets the multiplier of its probability, and most have a second one, which sets how
 * strong it is.
 */
public enum Augmentation {
  /** Mirrors left and right. */
  XFLIP("xflip"),
  /** Turns by 0, 90, 180 or 270 degrees. */
  ROTATE90("rotate90"),
  /** Moves by whole pixels; strength: the farthest, in image sizes. */
  XINT("xint", "xint_max", 0.125),
  /** Scales; strength: standard deviation of log2 of the factor. */
  SCALE("scale", "scale_std", 0.2),
  /** Turns by any angle; strength: the largest, in half turns. */
  ROTATE("rotate", "rotate_max", 1),
  /** Stretches along one axis; strength: standard deviation of log2 of the factor. */
  ANISO("aniso", "aniso_std", 0.2),
  /** Moves by fractions of pixels; strength: standard deviation, in image sizes. */
  XFRAC("xfrac", "xfrac_std", 0.125),
  /** Adds to all channels; strength: standard deviation, where colours go from −1 to 1. */
  BRIGHTNESS("brightness", "brightness_std", 0.2),
  /** Multiplies all channels; strength: standard deviation of log2 of the factor. */
  CONTRAST("contrast", "contrast_std", 0.5),
  /** Mirrors the luma axis. */
  LUMAFLIP("lumaflip"),
  /** Turns colours about the luma axis; strength: the largest angle, in half turns. */
  HUE("hue", "hue_max", 1),
  /** Scales the distance from the luma axis; strength: standard deviation of log2 of it. */
  SATURATION("saturation", "saturation_std", 1),
  /** Amplifies bands of frequencies; strength: standard deviation of log2 of the gains. */
  IMGFILTER("imgfilter", "imgfilter_std", 1),
  /** Adds white noise; strength: standard deviation of its standard deviation. */
  NOISE("noise", "noise_std", 0.1),
  /** Blackens a rectangle; strength: its size, in image sizes. */
  CUTOUT("cutout", "cutout_size", 0.5);

  private final String keyword;
  private final Optional<String> strengthKeyword;
  private final double defaultStrength;

  Augmentation(String keyword) {
    this.keyword = keyword;
    strengthKeyword = Optional.empty();
    defaultStrength = 1;
  }

  Augmentation(String keyword, String strengthKeyword, double defaultStrength) {
    this.keyword = keyword;
    this.strengthKeyword = Optional.of(strengthKeyword);
    this.defaultStrength = defaultStrength;
  }

  /** The keyword of the multiplier, as in {@code training_options.json}. */
  public String keyword() {
    return keyword;
  }

  /** The keyword of the strength; none where there is only on and off. */
  public Optional<String> strengthKeyword() {
    return strengthKeyword;
  }

  /** The strength when nothing is said; 1 where there is none. */
  public double defaultStrength() {
    return defaultStrength;
  }

  /** Whether it moves pixels about. */
  boolean isGeometric() {
    return compareTo(XFRAC) <= 0;
  }

  /** Whether it changes colours, each pixel by itself and all alike. */
  boolean isColor() {
    return compareTo(BRIGHTNESS) >= 0 && compareTo(SATURATION) <= 0;
  }

  static Optional<Augmentation> ofKeyword(String keyword) {
    return Arrays.stream(values()).filter(a -> a.keyword.equals(keyword)).findFirst();
  }

  static Optional<Augmentation> ofStrengthKeyword(String keyword) {
    return Arrays.stream(values())
        .filter(a -> a.strengthKeyword.equals(Optional.of(keyword)))
        .findFirst();
  }
}
