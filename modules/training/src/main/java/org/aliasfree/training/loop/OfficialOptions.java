package org.aliasfree.training.loop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.augment.AugmentConfig;
import org.aliasfree.training.augment.Augmentation;
import org.aliasfree.training.loop.TrainingSettings.AugmentMode;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run as the official command writes them into {@code training_options.json}, with
 * its names and in its order. What only this project has follows under {@code aliasfree}.
 */
final class OfficialOptions {
  private static final String STYLEGAN2 = "training.networks_stylegan2.";

  private final TrainingPlan plan;
  private final TrainingSettings settings;

  private OfficialOptions(TrainingPlan plan) {
    this.plan = plan;
    settings = plan.settings();
  }

  /** The options, from names to numbers, texts, lists and maps. */
  static Map<String, @Nullable Object> of(TrainingPlan plan) {
    return new OfficialOptions(plan).all();
  }

  /** Settings of the data set, which network files keep too. */
  static Map<String, @Nullable Object> trainingSet(TrainingPlan plan) {
    TrainingSettings settings = plan.settings();
    Map<String, @Nullable Object> set = classNamed("training.dataset.ImageFolderDataset");
    set.put("path", settings.data().path());
    set.put("use_labels", settings.data().cond());
    set.put("max_size", (long) plan.facts().images());
    set.put("xflip", settings.data().mirror());
    set.put("resolution", (long) plan.facts().resolution());
    set.put("random_seed", settings.seed());
    return set;
  }

  private Map<String, @Nullable Object> all() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("G_kwargs", generator());
    all.put("D_kwargs", discriminator());
    all.put("G_opt_kwargs", adam(settings.optimizer().glr()));
    all.put("D_opt_kwargs", adam(settings.optimizer().dlr()));
    all.put("loss_kwargs", loss());
    Map<String, @Nullable Object> loader = new LinkedHashMap<>();
    loader.put("pin_memory", true);
    loader.put("prefetch_factor", 2L);
    loader.put("num_workers", (long) settings.data().workers());
    all.put("data_loader_kwargs", loader);
    all.put("training_set_kwargs", trainingSet(plan));
    all.put("num_gpus", (long) settings.gpus());
    all.put("batch_size", (long) settings.optimizer().batch());
    all.put("batch_gpu", (long) settings.optimizer().batchGpu());
    all.put("metrics", List.copyOf(settings.metrics()));
    all.put("total_kimg", settings.schedule().kimg());
    all.put("kimg_per_tick", (long) settings.schedule().tick());
    all.put("image_snapshot_ticks", (long) settings.schedule().imageSnap());
    all.put("network_snapshot_ticks", (long) settings.schedule().snap());
    all.put("random_seed", settings.seed());
    all.put("ema_kimg", plan.ema().kimg());
    if (settings.cfg() == Preset.STYLEGAN2) {
      all.put("G_reg_interval", (long) TrainingPlan.G_REG_INTERVAL);
    }
    augment(all);
    settings
        .transfer()
        .ifPresent(
            source -> {
              all.put("resume_pkl", source);
              all.put("ada_kimg", (long) plan.adaKimg());
              all.put("ema_rampup", null);
            });
    if (settings.nobench()) {
      all.put("cudnn_benchmark", false);
    }
    all.put("aliasfree", own());
    return all;
  }

  private Map<String, @Nullable Object> generator() {
    TrainingSettings.Networks networks = settings.networks();
    boolean stylegan2 = settings.cfg() == Preset.STYLEGAN2;
    Map<String, @Nullable Object> g =
        classNamed(stylegan2 ? STYLEGAN2 + "Generator" : "training.networks_stylegan3.Generator");
    g.put("z_dim", 512L);
    g.put("w_dim", 512L);
    g.put("mapping_kwargs", map("num_layers", (long) networks.mapDepth()));
    g.put("channel_base", (long) plan.cbase());
    g.put("channel_max", (long) plan.cmax());
    if (stylegan2) {
      g.put("fused_modconv_default", "inference_only");
    } else {
      g.put("magnitude_ema_beta", plan.magnitudeEmaBeta());
    }
    if (settings.cfg() == Preset.STYLEGAN3_R) {
      g.put("conv_kernel", 1L);
      g.put("use_radial_filters", true);
    }
    fullPrecision(g);
    return g;
  }

  private Map<String, @Nullable Object> discriminator() {
    TrainingSettings.Networks networks = settings.networks();
    Map<String, @Nullable Object> d = classNamed(STYLEGAN2 + "Discriminator");
    d.put("block_kwargs", map("freeze_layers", (long) networks.freeze().discriminator()));
    d.put("mapping_kwargs", new LinkedHashMap<String, @Nullable Object>());
    d.put("epilogue_kwargs", map("mbstd_group_size", (long) networks.mbstdGroup()));
    d.put("channel_base", (long) networks.cbase());
    d.put("channel_max", (long) networks.cmax());
    fullPrecision(d);
    return d;
  }

  private void fullPrecision(Map<String, @Nullable Object> network) {
    if (settings.networks().fp32()) {
      network.put("num_fp16_res", 0L);
      network.put("conv_clamp", null);
    }
  }

  private static Map<String, @Nullable Object> adam(double rate) {
    AdamOptions options = AdamOptions.of(rate);
    Map<String, @Nullable Object> adam = classNamed("torch.optim.Adam");
    adam.put("betas", List.of(0L, options.beta2()));
    adam.put("eps", options.epsilon());
    adam.put("lr", rate);
    return adam;
  }

  private Map<String, @Nullable Object> loss() {
    Map<String, @Nullable Object> loss = classNamed("training.loss.StyleGAN2Loss");
    loss.put("r1_gamma", settings.optimizer().gamma());
    if (settings.cfg() == Preset.STYLEGAN2) {
      loss.put("style_mixing_prob", plan.loss().styleMixingProb());
      loss.put("pl_weight", (long) plan.loss().plWeight());
      loss.put("pl_no_weight_grad", true);
    }
    if (settings.cfg() == Preset.STYLEGAN3_R) {
      // With a network to start from the blur is switched off, its length kept.
      loss.put("blur_init_sigma", (long) plan.loss().blur().initSigma());
      loss.put("blur_fade_kimg", settings.optimizer().batch() * 200 / 32.0);
    } else if (settings.transfer().isPresent()) {
      loss.put("blur_init_sigma", 0L);
    }
    return loss;
  }

  private void augment(Map<String, @Nullable Object> all) {
    TrainingSettings.Augment augment = settings.augment();
    if (augment.mode() == AugmentMode.NOAUG) {
      return;
    }
    Map<String, @Nullable Object> pipe = classNamed("training.augment.AugmentPipe");
    pipe.putAll(augmentKeywords(augment.pipe()));
    all.put("augment_kwargs", pipe);
    if (augment.mode() == AugmentMode.ADA) {
      all.put("ada_target", augment.target());
    } else {
      all.put("augment_p", augment.p());
    }
  }

  /** The keywords of the original pipe for a choice of augmentations. */
  static Map<String, @Nullable Object> augmentKeywords(String pipe) {
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
    AugmentConfig config = AugmentConfig.preset(pipe);
    for (Augmentation a : Augmentation.values()) {
      if (config.has(a)) {
        keywords.put(a.keyword(), 1L);
      }
    }
    return keywords;
  }

  private Map<String, @Nullable Object> own() {
    TrainingSettings.Freeze freeze = settings.networks().freeze();
    TrainingSettings.Schedule schedule = settings.schedule();
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    own.put("cfg", settings.cfg().label());
    own.put("yflip", settings.data().mirrorY());
    own.put("augpipe", settings.augment().pipe());
    own.put("resume_kimg", settings.resumeKimg());
    own.put("freeze_mapping", freeze.mapping());
    own.put("freeze_embedding", freeze.embedding());
    own.put("freeze_synthesis", (long) freeze.synthesis());
    if (schedule.gridWidth() > 0) {
      own.put("grid", List.of((long) schedule.gridWidth(), (long) schedule.gridHeight()));
    }
    return own;
  }

  private static Map<String, @Nullable Object> classNamed(String name) {
    return map("class_name", name);
  }

  private static Map<String, @Nullable Object> map(String key, Object value) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }
}
