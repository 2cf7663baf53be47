/**
 * Network files: NVIDIA's pickles are read without running anything in them; safetensors files are
 * read and written.
 */
module org.aliasfree.checkpoint {
  requires static org.jspecify;
  requires transitive org.aliasfree.api;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports org.aliasfree.checkpoint;
  exports org.aliasfree.onnx;

  uses org.aliasfree.checkpoint.BundledNetwork;
}
