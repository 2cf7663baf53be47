package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.tornado.device.CopyLoops;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;

/**
 * An execution plan of TornadoVM. Its first graph copies what is uploaded and allocates what is
 * resident; from then on arrays are handed from the graph that ran last to the graph that runs
 * next, in any order.
 */
final class TornadoSession implements Engine.Session {
  private static final String LOAD = "load";
  private static final Pattern TASK =
      Pattern.compile("\"[^\"]*\\.s(\\d+)_\\d+\"\\s*:\\s*\\{([^}]*)\\}");
  private static final Pattern TIME = Pattern.compile("\"TASK_KERNEL_TIME\"\\s*:\\s*\"(\\d+)\"");

  private final List<List<Integer>> parts = new ArrayList<>();
  private final TornadoExecutionPlan plan;
  private final int count;
  private @Nullable TornadoExecutionResult last;
  private boolean loaded;

  TornadoSession(
      TornadoDevice device,
      List<Object> uploaded,
      List<Object> resident,
      List<Engine.Work> graphs) {
    List<Object> all = new ArrayList<>(uploaded);
    all.addAll(resident);
    List<ImmutableTaskGraph> built = new ArrayList<>();
    GridScheduler grids = new GridScheduler();
    boolean gridded = false;
    built.add(load(uploaded, all));
    for (Engine.Work work : graphs) {
      GraphTasks tasks = new GraphTasks("g" + parts.size(), work.inputs(), all, grids);
      for (Engine.Job job : work.jobs()) {
        tasks.begin(job.step());
        job.tasks().accept(tasks);
      }
      List<Integer> numbers = new ArrayList<>();
      for (ImmutableTaskGraph graph : tasks.finish()) {
        numbers.add(built.size());
        built.add(graph);
      }
      parts.add(numbers);
      gridded |= tasks.hasGrids();
    }
    plan = new TornadoExecutionPlan(built.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device);
    if (gridded) {
      plan.withGridScheduler(grids);
    }
    count = built.size();
  }

  private static ImmutableTaskGraph load(List<Object> uploaded, List<Object> all) {
    TaskGraph graph = new TaskGraph(LOAD);
    if (!uploaded.isEmpty()) {
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, uploaded.toArray());
    }
    List<Object> resident = all.subList(uploaded.size(), all.size());
    if (!resident.isEmpty()) {
      graph.transferToDevice(DataTransferMode.UNDER_DEMAND, resident.toArray());
    }
    int number = 0;
    for (Object array : all) {
      String id = "touch" + number++;
      if (array instanceof float[] floats) {
        float[] one = {1};
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, one);
        graph.task(id, CopyLoops::touchFloats, one, floats, 1);
      } else {
        int[] one = {1};
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, one);
        graph.task(id, CopyLoops::touchInts, one, (int[]) array, 1);
      }
    }
    return graph.persistOnDevice(all.toArray()).snapshot();
  }

  @Override
  public void upload() {
    run(() -> plan.withGraph(0).execute());
    loaded = true;
  }

  @Override
  public void execute(int graph) {
    if (!loaded) {
      upload();
    }
    for (int part : parts.get(graph)) {
      run(() -> plan.withGraph(part).execute());
    }
  }

  @Override
  public void execute(int graph, ObjLongConsumer<Integer> times) {
    if (!loaded) {
      upload();
    }
    plan.withProfiler(ProfilerMode.SILENT);
    try {
      Map<Integer, Long> sums = new java.util.TreeMap<>();
      for (int part : parts.get(graph)) {
        run(() -> plan.withGraph(part).execute());
        String log = java.util.Objects.requireNonNull(last).getProfilerResult().getProfileLog();
        Matcher task = TASK.matcher(log);
        while (task.find()) {
          Matcher time = TIME.matcher(task.group(2));
          if (time.find()) {
            sums.merge(Integer.valueOf(task.group(1)), Long.valueOf(time.group(1)), Long::sum);
          }
        }
      }
      sums.forEach(times::accept);
    } finally {
      plan.withoutProfiler();
    }
  }

  @Override
  public void download(Object array) {
    TornadoExecutionResult result = last;
    if (result == null) {
      throw new IllegalStateException("nothing ran yet");
    }
    guarded(() -> result.transferToHost(array));
  }

  private void run(Supplier<TornadoExecutionResult> execution) {
    last = guarded(execution);
  }

  /** TornadoVM's errors as ours. */
  private static <T> T guarded(Supplier<T> what) {
    try {
      return what.get();
    } catch (RuntimeException | LinkageError | InternalError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      if (root.getClass().getSimpleName().contains("Memory")) {
        throw new OutOfMemoryException(
            0,
            "TornadoVM",
            "the device: "
                + root.getMessage()
                + ". Use a smaller batch, or allow more (-Dtornado.device.memory=8GB).",
            e);
      }
      throw new AliasFreeException(
          "TornadoVM could not run a graph: "
              + root
              + ". Try its newest release, or another backend.",
          e);
    }
  }

  /** Each graph frees what it copied itself; the first one what all share. */
  @Override
  public void close() {
    for (int graph = count - 1; graph >= 0; graph--) {
      plan.withGraph(graph).freeDeviceMemory();
    }
  }
}
