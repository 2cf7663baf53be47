package org.aliasfree.conformance;

import java.util.Map;
import java.util.Objects;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.tensor.HostTensor;

/**
 * StyleGAN2's networks with the default keywords, computed in double precision from their
 * definition: an independent second opinion on the graphs.
 *
 * @param values variables and inputs by name
 */
record PlainStyleGan2(Map<String, HostTensor> values, BlockArchitecture architecture) {
  private PlainMaps value(String name) {
    return PlainMaps.of(Objects.requireNonNull(values.get(name), name));
  }

  /** A fully connected layer on rows; leaky ReLU with gain √2, or none. */
  private PlainMaps dense(PlainMaps rows, String name, double rate, boolean activate) {
    PlainMaps weight = value(name + ".weight");
    PlainMaps bias = value(name + ".bias");
    double scale = rate / Math.sqrt(weight.w());
    return PlainMaps.fill(
        1,
        1,
        rows.h(),
        weight.h(),
        (i, j, y, x) -> {
          double t = bias.v()[x] * rate;
          for (int k = 0; k < weight.w(); k++) {
            t += rows.get(0, 0, y, k) * weight.get(0, 0, x, k) * scale;
          }
          return activate ? (t > 0 ? t : 0.2 * t) * Math.sqrt(2) : t;
        });
  }

  private static PlainMaps normalized(PlainMaps rows) {
    return rows.map(
        (i, j, y, x) -> {
          double sum = 0;
          for (int k = 0; k < rows.w(); k++) {
            sum += Math.pow(rows.get(0, 0, y, k), 2);
          }
          return rows.get(0, 0, y, x) / Math.sqrt(sum / rows.w() + 1e-8);
        });
  }

  /** w from the latents, and from the labels where there are any. */
  PlainMaps mapping(boolean latents, boolean labels) {
    PlainMaps z = latents ? normalized(value("z")) : PlainMaps.zeros(1, 1, value("c").h(), 0);
    PlainMaps x = z;
    if (labels) {
      PlainMaps y = normalized(dense(value("c"), "mapping.embed", 1, false));
      x =
          PlainMaps.fill(
              1,
              1,
              z.h(),
              z.w() + y.w(),
              (i, j, r, k) -> k < z.w() ? z.get(0, 0, r, k) : y.get(0, 0, r, k - z.w()));
    }
    for (int i = 0; values.containsKey("mapping.fc" + i + ".weight"); i++) {
      x = dense(x, "mapping.fc" + i, 0.01, true);
    }
    return x;
  }

  /** The modulated convolution by modulated weights. */
  private PlainMaps modulated(
      PlainMaps x, PlainMaps w, String name, int up, boolean demodulate, double styleGain) {
    PlainMaps s = dense(w, name + ".affine", 1, false);
    PlainMaps weight = value(name + ".weight");
    int kernel = weight.h();
    double[][] d = new double[x.n()][weight.n()];
    for (int i = 0; i < x.n(); i++) {
      for (int o = 0; o < weight.n(); o++) {
        double sum = 1e-8;
        for (int k = 0; k < weight.c(); k++) {
          for (int a = 0; a < kernel * kernel; a++) {
            double m = weight.get(o, k, a / kernel, a % kernel) * s.get(0, 0, i, k) * styleGain;
            sum += m * m;
          }
        }
        d[i][o] = demodulate ? 1 / Math.sqrt(sum) : 1;
      }
    }
    PlainMaps filter = demodulate ? value(name + ".resample_filter") : PlainMaps.zeros(1, 1, 1, 1);
    return x.convResampled(
        weight.n(),
        kernel,
        up,
        1,
        filter,
        (i, o, k, a, b) -> weight.get(o, k, a, b) * s.get(0, 0, i, k) * styleGain * d[i][o]);
  }

  private PlainMaps layer(
      PlainMaps x, PlainMaps w, String block, String name, int up, double gain, NoiseMode noise) {
    String path = "synthesis." + block + "." + name;
    PlainMaps y = modulated(x, w, path, up, true, 1);
    if (noise != NoiseMode.NONE) {
      double strength = value(path + ".noise_strength").v()[0];
      PlainMaps values =
          noise == NoiseMode.CONST
              ? value(path + ".noise_const")
              : value("noise." + block + "." + name);
      PlainMaps before = y;
      y =
          y.map(
              (i, j, a, b) ->
                  before.get(i, j, a, b) + strength * values.get(i % values.n(), 0, a, b));
    }
    return y.activated(value(path + ".bias"), gain);
  }

  /**
   * A convolution with weights scaled at run time; without a bias there is no activation either.
   */
  private PlainMaps conv(PlainMaps x, String name, int up, int down, double gain) {
    PlainMaps weight = value(name + ".weight");
    double scale = 1 / Math.sqrt((double) weight.c() * weight.h() * weight.w());
    PlainMaps y =
        x.convResampled(
            weight.n(),
            weight.h(),
            up,
            down,
            value(name + ".resample_filter"),
            (i, o, k, a, b) -> weight.get(o, k, a, b) * scale);
    if (!values.containsKey(name + ".bias")) {
      return y.map((i, j, a, b) -> y.get(i, j, a, b) * gain);
    }
    return y.activated(value(name + ".bias"), gain);
  }

  /** The image of the inputs z and c. */
  PlainMaps image(int resolution, boolean labels, NoiseMode noise) {
    PlainMaps w = mapping(values.containsKey("z"), labels);
    PlainMaps first = value("synthesis.b4.const");
    PlainMaps x = PlainMaps.fill(w.h(), first.c(), 4, 4, (i, j, a, b) -> first.get(0, j, a, b));
    PlainMaps image = null;
    for (int r = 4; r <= resolution; r *= 2) {
      String block = "b" + r;
      boolean residual = architecture == BlockArchitecture.RESNET && r > 4;
      double gain = residual ? Math.sqrt(0.5) : 1;
      PlainMaps y = r == 4 ? x : layer(x, w, block, "conv0", 2, 1, noise);
      y = layer(y, w, block, "conv1", 1, gain, noise);
      x = residual ? y.plus(conv(x, "synthesis." + block + ".skip", 2, 1, gain)) : y;
      image =
          image == null ? null : image.doubled(value("synthesis." + block + ".resample_filter"));
      if (r == resolution || architecture == BlockArchitecture.SKIP) {
        String torgb = "synthesis." + block + ".torgb";
        PlainMaps bias = value(torgb + ".bias");
        PlainMaps rgb = modulated(x, w, torgb, 1, false, 1 / Math.sqrt(x.c()));
        PlainMaps biased = rgb.map((i, j, a, b) -> rgb.get(i, j, a, b) + bias.v()[j]);
        image = image == null ? biased : image.plus(biased);
      }
    }
    return Objects.requireNonNull(image);
  }

  /** Logits of the input image, rows of one number. */
  PlainMaps logits(int resolution, boolean labels, int groupSize, int deviations) {
    PlainMaps image = value("image");
    PlainMaps x = null;
    boolean skipping = architecture == BlockArchitecture.SKIP;
    for (int r = resolution; r > 4; r /= 2) {
      String block = "b" + r;
      if (x == null || skipping) {
        PlainMaps y = conv(image, block + ".fromrgb", 1, 1, 1);
        x = x == null ? y : x.plus(y);
        image = skipping ? image.halved(value(block + ".resample_filter")) : image;
      }
      boolean residual = architecture == BlockArchitecture.RESNET;
      double gain = residual ? Math.sqrt(0.5) : 1;
      PlainMaps y = conv(conv(x, block + ".conv0", 1, 1, 1), block + ".conv1", 1, 2, gain);
      x = residual ? y.plus(conv(x, block + ".skip", 1, 2, gain)) : y;
    }
    Objects.requireNonNull(x);
    x = skipping ? x.plus(conv(image, "b4.fromrgb", 1, 1, 1)) : x;
    x = conv(withDeviation(x, groupSize, deviations), "b4.conv", 1, 1, 1);
    PlainMaps rows = new PlainMaps(1, 1, x.n(), x.c() * 16, x.v());
    PlainMaps out = dense(dense(rows, "b4.fc", 1, true), "b4.out", 1, false);
    if (!labels) {
      return out;
    }
    PlainMaps mapped = mapping(false, true);
    return PlainMaps.fill(
        1,
        1,
        out.h(),
        1,
        (i, j, y, k) -> {
          double sum = 0;
          for (int q = 0; q < out.w(); q++) {
            sum += out.get(0, 0, y, q) * mapped.get(0, 0, y, q);
          }
          return sum / Math.sqrt(out.w());
        });
  }

  /** Image i is compared with the images i ± a multiple of the number of groups. */
  private static PlainMaps withDeviation(PlainMaps x, int groupSize, int deviations) {
    int size = Math.min(groupSize, x.n());
    int groups = x.n() / size;
    int part = x.c() / deviations;
    return PlainMaps.fill(
        x.n(),
        x.c() + deviations,
        x.h(),
        x.w(),
        (i, j, y, k) -> {
          if (j < x.c()) {
            return x.get(i, j, y, k);
          }
          double total = 0;
          for (int c = (j - x.c()) * part; c < (j - x.c() + 1) * part; c++) {
            for (int p = 0; p < x.h() * x.w(); p++) {
              double mean = 0;
              double square = 0;
              for (int m = i % groups; m < x.n(); m += groups) {
                double value = x.get(m, c, p / x.w(), p % x.w());
                mean += value / size;
                square += value * value / size;
              }
              total += Math.sqrt(Math.max(square - mean * mean, 0) + 1e-8);
            }
          }
          return total / (part * x.h() * x.w());
        });
  }
}
