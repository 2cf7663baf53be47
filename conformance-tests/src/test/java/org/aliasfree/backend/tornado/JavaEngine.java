package org.aliasfree.backend.tornado;

import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/**
 * A device that is none: it has arrays of its own, full of rubbish until something is copied into
 * them, and runs tasks as the plain Java that they are.
 */
final class JavaEngine implements Engine {
  @Override
  public Device device() {
    return new Device("plain Java", /* tiles= */ false, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  @Override
  public Session open(List<Object> uploaded, List<Object> resident, List<Work> graphs) {
    return new JavaSession(uploaded, resident, graphs);
  }

  /** How often arrays were copied, and what was run. */
  static final class JavaSession implements Session {
    private final IdentityHashMap<Object, Object> copies = new IdentityHashMap<>();
    private final List<Object> uploaded;
    private final List<Work> graphs;
    int uploads;
    int downloads;

    JavaSession(List<Object> uploaded, List<Object> resident, List<Work> graphs) {
      this.uploaded = uploaded;
      this.graphs = graphs;
      uploaded.forEach(array -> copies.put(array, rubbish(array)));
      resident.forEach(array -> copies.put(array, rubbish(array)));
    }

    private static Object rubbish(Object like) {
      if (like instanceof float[] floats) {
        float[] copy = new float[floats.length];
        Arrays.fill(copy, Float.NaN);
        return copy;
      }
      int[] copy = new int[((int[]) like).length];
      Arrays.fill(copy, Integer.MIN_VALUE);
      return copy;
    }

    private void copy(Object array, boolean toDevice) {
      Object copy = java.util.Objects.requireNonNull(copies.get(array));
      Object from = toDevice ? array : copy;
      Object to = toDevice ? copy : array;
      System.arraycopy(from, 0, to, 0, java.lang.reflect.Array.getLength(array));
    }

    @Override
    public void upload() {
      uploads++;
      uploaded.forEach(array -> copy(array, true));
    }

    @Override
    public void execute(int graph) {
      execute(graph, (step, nanos) -> {});
    }

    @Override
    public void execute(int graph, ObjLongConsumer<Integer> times) {
      if (uploads == 0) {
        upload();
      }
      Work work = graphs.get(graph);
      work.inputs().forEach(array -> copy(array, true));
      Set<Integer> told = new HashSet<>();
      for (Job job : work.jobs()) {
        job.tasks().accept(new JavaTasks(copies));
        if (job.step() >= 0 && told.add(job.step())) {
          times.accept(job.step(), 1);
        }
      }
    }

    @Override
    public void download(Object array) {
      downloads++;
      copy(array, false);
    }

    @Override
    public void close() {}
  }
}
