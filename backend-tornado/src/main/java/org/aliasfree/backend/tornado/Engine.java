package org.aliasfree.backend.tornado;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** What runs tasks: TornadoVM, or plain Java in tests. Used by one thread at a time. */
interface Engine {
  /** The device. */
  Device device();

  /** Puts arrays and graphs on the device, to be used until the session is closed. */
  Session open(List<Object> uploaded, List<Object> resident, List<Work> graphs);

  /**
   * What is known of a device.
   *
   * @param description for people
   * @param tiles whether its work-groups share fast memory, as those of GPUs do
   * @param memory bytes that it has
   * @param largestArray bytes of the largest array that it takes
   */
  record Device(String description, boolean tiles, long memory, long largestArray) {}

  /**
   * Tasks that are run together.
   *
   * @param name for messages
   * @param inputs arrays that are copied to the device before each run
   * @param jobs what is done, in order
   */
  record Work(String name, List<Object> inputs, List<Job> jobs) {
    /** Copies the lists. */
    public Work {
      inputs = List.copyOf(inputs);
      jobs = List.copyOf(jobs);
    }
  }

  /**
   * One or more tasks whose time is told together.
   *
   * @param step what they belong to; −1 for nothing
   */
  record Job(int step, Consumer<Tasks> tasks) {}

  /** Arrays on a device, and graphs that are ready to run. */
  interface Session extends AutoCloseable {
    /** Copies the arrays that are uploaded to the device. */
    void upload();

    /** Runs a graph. */
    void execute(int graph);

    /** Runs a graph and tells for each step the nanoseconds that its tasks took. */
    void execute(int graph, ObjLongConsumer<Integer> times);

    /** Copies an array from the device into the host's. */
    void download(Object array);

    @Override
    void close();
  }
}
