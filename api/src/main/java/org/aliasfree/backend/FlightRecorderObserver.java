package org.aliasfree.backend;

import jdk.jfr.FlightRecorder;

/**
 * Makes events of the Flight Recorder. Until somebody records, the classes of the events are not
 * even loaded; the module may be missing altogether.
 */
final class FlightRecorderObserver implements BackendObserver {
  static final BackendObserver INSTANCE = find();

  private FlightRecorderObserver() {}

  private static BackendObserver find() {
    try {
      boolean recording = FlightRecorder.isInitialized(); // fails where there is no such module
      System.getLogger(FlightRecorderObserver.class.getName())
          .log(System.Logger.Level.TRACE, "Flight Recorder: {0}", recording);
      return new FlightRecorderObserver();
    } catch (LinkageError e) {
      return NONE;
    }
  }

  @Override
  public Span begin(Activity activity) {
    return FlightRecorder.isInitialized() ? FlightSpans.begin(activity) : Span.NONE;
  }
}
