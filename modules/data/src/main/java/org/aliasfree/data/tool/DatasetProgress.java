package org.aliasfree.data.tool;

/** Is told how far the work is. */
public interface DatasetProgress {
  /** Hears nothing. */
  DatasetProgress NONE =
      new DatasetProgress() {
        @Override
        public void begun(int present, int total) {}

        @Override
        public void advanced(int done, int total) {}
      };

  /**
   * The source is open.
   *
   * @param present pictures that an interrupted command has left
   * @param total pictures to look at
   */
  void begun(int present, int total);

  /** So many pictures have been looked at and, where they are to be kept, written. */
  void advanced(int done, int total);
}
