package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** The augmentation pipe that a discriminator was trained with, to network files. */
public final class AugmentPipeFiles {
  /** The name that the pipe has in files. */
  public static final String NAME = "augment_pipe";

  private static final String CLASS = "AugmentPipe";
  private static final String BANDS = "imgfilter_bands";

  /** Keywords of the original pipe; all but the bands are numbers. */
  private static final Set<String> KNOWN =
      Set.of(
          "xflip",
          "rotate90",
          "xint",
          "xint_max",
          "scale",
          "rotate",
          "aniso",
          "xfrac",
          "scale_std",
          "rotate_max",
          "aniso_std",
          "xfrac_std",
          "brightness",
          "contrast",
          "lumaflip",
          "hue",
          "saturation",
          "brightness_std",
          "contrast_std",
          "hue_max",
          "saturation_std",
          "imgfilter",
          BANDS,
          "imgfilter_std",
          "noise",
          "cutout",
          "noise_std",
          "cutout_size");

  private static final Map<String, TensorType> TENSORS = tensors();

  private AugmentPipeFiles() {}

  private static Map<String, TensorType> tensors() {
    Map<String, TensorType> tensors = new LinkedHashMap<>();
    tensors.put("p", TensorType.f32());
    tensors.put("Hz_geom", TensorType.f32(12));
    tensors.put("Hz_fbank", TensorType.f32(4, 43));
    return tensors;
  }

  /**
   * What a file keeps of a pipe, for {@link NetworkFile#write(java.nio.file.Path, Map, Map)}.
   *
   * @param keywords of the original's pipe: {@code xflip}, {@code scale_std} and so on, numbers but
   *     for {@code imgfilter_bands}, a list of numbers
   * @param tensors {@code p}, the strength, f32 []; the filters {@code Hz_geom}, f32 [12], and
   *     {@code Hz_fbank}, f32 [4, 43]
   * @throws AliasFreeException when the pipe has other keywords or tensors
   */
  public static StoredNetwork stored(
      Map<String, @Nullable Object> keywords, Map<String, HostTensor> tensors) {
    StoredModule pipe = new StoredModule(CLASS, List.of(), keywords, keywords);
    return checked(new StoredNetwork(Map.of("", pipe), tensors, TENSORS.keySet()));
  }

  /** The same pipe, if it can be rebuilt from its keywords. */
  static StoredNetwork checked(StoredNetwork pipe) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    pipe.tensors().forEach((name, tensor) -> types.put(name, tensor.type()));
    if (!pipe.className().equals(CLASS)
        || pipe.modules().size() != 1
        || !types.equals(TENSORS)
        || !pipe.buffers().equals(TENSORS.keySet())) {
      throw new AliasFreeException(
          "The network, of class "
              + Quoted.bare(pipe.className())
              + ", is not an augmentation pipe with the buffers "
              + TENSORS
              + ".");
    }
    ConstructorKeywords given = ConstructorKeywords.of(pipe, "the augmentation pipe", List.of());
    given.refuseUnknown(KNOWN, "StyleGAN3");
    for (String name : pipe.initKwargs().keySet()) {
      if (name.equals(BANDS)) {
        given.find(name).ifPresent(KeywordValue::taps);
      } else {
        given.find(name).ifPresent(KeywordValue::number);
      }
    }
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>(pipe.module("").attributes());
    attributes.keySet().retainAll(KNOWN);
    StoredModule root = new StoredModule(CLASS, List.of(), pipe.initKwargs(), attributes);
    return new StoredNetwork(Map.of("", root), pipe.tensors(), pipe.buffers());
  }
}
