package org.aliasfree.training.loop;

/** Kinds of network files. */
public enum SnapshotFormat {
  /** As NVIDIA's training writes them, for the official tools. */
  PKL(".pkl"),
  /** Of this project: nothing in them is ever run, other programs can read the tensors. */
  SAFETENSORS(".safetensors");

  private final String suffix;

  SnapshotFormat(String suffix) {
    this.suffix = suffix;
  }

  /** The end of the file's name. */
  public String suffix() {
    return suffix;
  }
}
