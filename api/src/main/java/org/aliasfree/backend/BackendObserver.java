package org.aliasfree.backend;

/**
 * Is told what a backend does, when it begins and when it is over: for traces, profiles and the
 * like. {@link ObservedBackend} tells it, of any backend; a backend need not know.
 *
 * <p>An activity begins and ends on one thread, and activities of a thread lie inside each other.
 * Several threads tell at once. What an observer does takes time of the work that it observes.
 */
@FunctionalInterface
public interface BackendObserver {
  /** Is interested in nothing. */
  BackendObserver NONE = activity -> Span.NONE;

  /**
   * Something begins.
   *
   * @return is told when it is over; {@link Span#NONE} where nobody wants to know
   */
  Span begin(Activity activity);

  /** The backend was closed: it does nothing more. */
  default void backendClosed() {}

  /**
   * Makes events of the JDK's Flight Recorder, named {@code org.aliasfree.…}, while it records.
   * {@link #NONE} where the runtime has no module {@code jdk.jfr}.
   */
  static BackendObserver flightRecorder() {
    return FlightRecorderObserver.INSTANCE;
  }

  /** One activity while it lasts. */
  @FunctionalInterface
  interface Span extends AutoCloseable {
    /** Is interested in nothing. */
    Span NONE = () -> {};

    /**
     * Is told of each step of an execution; {@link Run.StepListener#NONE} where nobody wants to
     * know.
     */
    default Run.StepListener steps() {
      return Run.StepListener.NONE;
    }

    /** It is over, be it by an exception. */
    @Override
    void close();
  }
}
