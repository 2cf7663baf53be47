package org.aliasfree.training.augment;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.AliasFreeException;

/**
 * What the augmentation pipe may do. An augmentation happens to an image with the probability
 * multiplier · p, where p is the overall strength that training adapts; a multiplier of 0 leaves it
 * out of the graph.
 *
 * @param multipliers by augmentation, each 0 or more; absent means 0
 * @param strengths by augmentation; absent means {@link Augmentation#defaultStrength}
 * @param imgfilterBands multipliers of the four frequency bands of {@link Augmentation#IMGFILTER},
 *     from low to high
 */
public record AugmentConfig(
    Map<Augmentation, Double> multipliers,
    Map<Augmentation, Double> strengths,
    List<Double> imgfilterBands) {
  private static final String BANDS = "imgfilter_bands";

  private static final Set<Augmentation> BLIT =
      EnumSet.range(Augmentation.XFLIP, Augmentation.XINT);
  private static final Set<Augmentation> GEOM =
      EnumSet.range(Augmentation.SCALE, Augmentation.XFRAC);
  private static final Set<Augmentation> COLOR =
      EnumSet.range(Augmentation.BRIGHTNESS, Augmentation.SATURATION);

  private static final Map<String, Set<Augmentation>> PRESETS = presets();

  private static Map<String, Set<Augmentation>> presets() {
    Map<String, Set<Augmentation>> presets = new LinkedHashMap<>();
    presets.put("blit", BLIT);
    presets.put("geom", GEOM);
    presets.put("color", COLOR);
    presets.put("filter", EnumSet.of(Augmentation.IMGFILTER));
    presets.put("noise", EnumSet.of(Augmentation.NOISE));
    presets.put("cutout", EnumSet.of(Augmentation.CUTOUT));
    presets.put("bg", EnumSet.range(Augmentation.XFLIP, Augmentation.XFRAC));
    presets.put("bgc", EnumSet.range(Augmentation.XFLIP, Augmentation.SATURATION));
    presets.put("bgcf", EnumSet.range(Augmentation.XFLIP, Augmentation.IMGFILTER));
    presets.put("bgcfn", EnumSet.range(Augmentation.XFLIP, Augmentation.NOISE));
    presets.put("bgcfnc", EnumSet.allOf(Augmentation.class));
    return presets;
  }

  /** Checks the numbers and keeps its own maps. */
  public AugmentConfig {
    multipliers = Map.copyOf(multipliers);
    strengths = Map.copyOf(strengths);
    imgfilterBands = List.copyOf(imgfilterBands);
    multipliers.forEach((a, m) -> check(a.keyword(), m));
    strengths.forEach(
        (a, s) ->
            check(
                a.strengthKeyword()
                    .orElseThrow(
                        () ->
                            new AliasFreeException(
                                "The augmentation "
                                    + a.keyword()
                                    + " has no strength to set to "
                                    + s
                                    + "; set its multiplier.")),
                s));
    imgfilterBands.forEach(b -> check(BANDS, b));
    if (imgfilterBands.size() != FilterBank.BANDS) {
      throw new AliasFreeException(
          "The augmentation option "
              + BANDS
              + " takes "
              + FilterBank.BANDS
              + " numbers, one for each band, not "
              + imgfilterBands
              + ".");
    }
  }

  private static void check(String keyword, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new AliasFreeException(
          "The augmentation option " + keyword + " must be 0 or more, not " + value + ".");
    }
  }

  /** Nothing. */
  public static AugmentConfig none() {
    return new AugmentConfig(Map.of(), Map.of(), List.of(1.0, 1.0, 1.0, 1.0));
  }

  /**
   * A named choice of augmentations, each with multiplier 1: {@code blit}, {@code geom}, {@code
   * color}, {@code filter}, {@code noise}, {@code cutout}, or several of these in a row, {@code
   * bg}, {@code bgc} (what StyleGAN3 trains with), {@code bgcf}, {@code bgcfn}, {@code bgcfnc}.
   *
   * @throws AliasFreeException if there is no preset of this name
   */
  public static AugmentConfig preset(String name) {
    Set<Augmentation> chosen = PRESETS.get(name);
    if (chosen == null) {
      throw new AliasFreeException(
          "There is no augmentation preset \""
              + name
              + "\"; choose one of "
              + String.join(", ", PRESETS.keySet())
              + ".");
    }
    AugmentConfig config = none();
    for (Augmentation a : chosen) {
      config = config.withMultiplier(a, 1);
    }
    return config;
  }

  /**
   * From keywords as in {@code training_options.json} and network files, {@code xflip: 1} or {@code
   * imgfilter_bands: [1, 1, 1, 1]}; those that are absent keep their defaults.
   *
   * @param keywords names to numbers or, for the bands, lists of numbers
   * @throws AliasFreeException if a keyword is unknown or a value is of the wrong kind
   */
  public static AugmentConfig ofKeywords(Map<String, ?> keywords) {
    AugmentConfig config = none();
    for (Map.Entry<String, ?> e : keywords.entrySet()) {
      String name = e.getKey();
      if (name.equals(BANDS) && e.getValue() instanceof List<?> bands) {
        List<Double> numbers = new ArrayList<>();
        bands.forEach(b -> numbers.add(number(name, b)));
        config = new AugmentConfig(config.multipliers, config.strengths, numbers);
      } else {
        config = config.with(name, number(name, Objects.requireNonNull(e.getValue())));
      }
    }
    return config;
  }

  private AugmentConfig with(String keyword, double value) {
    return Augmentation.ofKeyword(keyword)
        .map(a -> withMultiplier(a, value))
        .or(() -> Augmentation.ofStrengthKeyword(keyword).map(a -> withStrength(a, value)))
        .orElseThrow(
            () ->
                new AliasFreeException(
                    "There is no augmentation option \""
                        + keyword
                        + "\"; it may be misspelt, or from a version that is not known here."));
  }

  private static double number(String keyword, Object value) {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    throw new AliasFreeException(
        "The augmentation option " + keyword + " must be a number, not " + value + ".");
  }

  /** All keywords with their values, in the order of the official constructor. */
  public Map<String, Object> keywords() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Augmentation[] group : GROUPS) {
      for (Augmentation a : group) {
        all.put(a.keyword(), multiplier(a));
        if (a == Augmentation.IMGFILTER) {
          all.put(BANDS, imgfilterBands);
        }
      }
      for (Augmentation a : group) {
        a.strengthKeyword().ifPresent(k -> all.put(k, strength(a)));
      }
    }
    return all;
  }

  private static final List<Augmentation[]> GROUPS =
      List.of(
          BLIT.toArray(Augmentation[]::new),
          GEOM.toArray(Augmentation[]::new),
          COLOR.toArray(Augmentation[]::new),
          new Augmentation[] {Augmentation.IMGFILTER},
          new Augmentation[] {Augmentation.NOISE, Augmentation.CUTOUT});

  /** Multiplier of the probability. */
  public double multiplier(Augmentation augmentation) {
    return multipliers.getOrDefault(augmentation, 0.0);
  }

  /** How strong it is; 1 for those that are only on or off. */
  public double strength(Augmentation augmentation) {
    return strengths.getOrDefault(augmentation, augmentation.defaultStrength());
  }

  /** Whether it can happen at all. */
  public boolean has(Augmentation augmentation) {
    return multiplier(augmentation) > 0;
  }

  /** This configuration with another multiplier. */
  public AugmentConfig withMultiplier(Augmentation augmentation, double multiplier) {
    return new AugmentConfig(
        changed(multipliers, augmentation, multiplier), strengths, imgfilterBands);
  }

  /** This configuration with another strength. */
  public AugmentConfig withStrength(Augmentation augmentation, double strength) {
    return new AugmentConfig(
        multipliers, changed(strengths, augmentation, strength), imgfilterBands);
  }

  private static Map<Augmentation, Double> changed(
      Map<Augmentation, Double> map, Augmentation augmentation, double value) {
    Map<Augmentation, Double> changed = new EnumMap<>(Augmentation.class);
    changed.putAll(map);
    changed.put(augmentation, value);
    return changed;
  }

  boolean hasGeometry() {
    return multipliers.keySet().stream().anyMatch(a -> a.isGeometric() && has(a));
  }

  /**
   * Whether colours change.
   *
   * @param channels hue and saturation need more than one
   */
  boolean hasColor(long channels) {
    return multipliers.keySet().stream()
        .anyMatch(
            a ->
                a.isColor()
                    && has(a)
                    && (channels > 1 || (a != Augmentation.HUE && a != Augmentation.SATURATION)));
  }
}
