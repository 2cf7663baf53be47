package org.aliasfree.backend.cpu.vector;

/** A step of a filter: makes rows of places, one below the other, from those of the step before. */
interface UpfirdnRow {
  /**
   * Makes row {@code y}, counted from the top of the lanes' bands; rows are asked for in rising
   * order.
   *
   * @param dst {@link #room} floats of the scratch array that the row may be put into
   * @return where it lies, there or in the maker's own room until the next call
   */
  int row(int y, int dst);

  /** Floats of scratch for a row. */
  int room();

  /** Distance in floats of the rows of each term; what a step without terms makes is the first. */
  int termStep();
}
