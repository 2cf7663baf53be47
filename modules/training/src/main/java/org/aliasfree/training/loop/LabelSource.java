package org.aliasfree.training.loop;

/** The labels that fakes are given: those of the data set's images, drawn evenly. */
public interface LabelSource {
  /** How many there are. */
  int size();

  /**
   * One of them.
   *
   * @param index 0 to size − 1
   * @return labelDim numbers
   */
  float[] label(int index);
}
