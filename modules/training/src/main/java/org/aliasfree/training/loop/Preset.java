package org.aliasfree.training.loop;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.aliasfree.AliasFreeException;

/** The configurations of the official training command. */
public enum Preset {
  /** StyleGAN3, equivariant to translation. */
  STYLEGAN3_T("stylegan3-t", 2, 0.0025),
  /** StyleGAN3, equivariant to translation and rotation. */
  STYLEGAN3_R("stylegan3-r", 2, 0.0025),
  /** StyleGAN2. */
  STYLEGAN2("stylegan2", 8, 0.002);

  private final String label;
  private final int mapDepth;
  private final double generatorRate;

  Preset(String label, int mapDepth, double generatorRate) {
    this.label = label;
    this.mapDepth = mapDepth;
    this.generatorRate = generatorRate;
  }

  /** The name that users type. */
  public String label() {
    return label;
  }

  /** Layers of the mapping network when nothing is said. */
  public int defaultMapDepth() {
    return mapDepth;
  }

  /** The generator's learning rate when nothing is said. */
  public double defaultGeneratorRate() {
    return generatorRate;
  }

  /** Whether it is a generator of StyleGAN3. */
  public boolean isStyleGan3() {
    return this != STYLEGAN2;
  }

  /** The labels, as a list for messages. */
  public static String labels() {
    return Arrays.stream(values()).map(Preset::label).collect(Collectors.joining(", "));
  }

  /**
   * The preset of a name.
   *
   * @throws AliasFreeException naming all, if there is none
   */
  public static Preset of(String label) {
    return Arrays.stream(values())
        .filter(p -> p.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new AliasFreeException(
                    "There is no configuration \""
                        + label
                        + "\"; choose one of "
                        + labels()
                        + "."));
  }
}
