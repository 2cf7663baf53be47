package uk.ac.manchester.tornado.api.enums;

/** Where measurements go. */
public enum ProfilerMode {
  /** To the console. */
  CONSOLE,
  /** To who asks. */
  SILENT
}
