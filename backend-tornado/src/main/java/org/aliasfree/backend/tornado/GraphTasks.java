package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task7;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task9;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * Puts tasks into task graphs of TornadoVM: as many graphs as its limits demand, to be run one
 * after the other. Every graph takes all resident arrays from the graph that ran before, whichever
 * that was, and leaves them to the next.
 */
final class GraphTasks implements Tasks {
  /** Bytes that TornadoVM has for the tasks of a graph before they are compiled. */
  private static final int MOST_BYTES = 8192;

  /** Nodes that TornadoVM has for a graph: of arrays, numbers, copies and tasks. */
  private static final int MOST_NODES = 1024;

  /** Nodes of an array at most: it, its copy to the device, its copy back or its release. */
  private static final int NODES_OF_ARRAY = 4;

  private final String name;
  private final List<Object> inputs;
  private final Object[] resident;
  private final Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
  private final GridScheduler grids;
  private boolean gridded;
  private final List<ImmutableTaskGraph> finished = new ArrayList<>();
  private @Nullable TaskGraph graph;
  private @Nullable Grid grid;
  private int bytes;
  private int nodes;
  private int tasks;
  private int step = -1;

  /**
   * @param name unique in the plan
   * @param inputs those of the resident arrays that are copied to the device in every run
   * @param grids takes the grids of tasks
   */
  GraphTasks(String name, List<Object> inputs, List<Object> resident, GridScheduler grids) {
    this.name = name;
    this.inputs = inputs;
    this.resident = resident.toArray();
    this.grids = grids;
    known.addAll(resident);
  }

  /** The tasks that follow belong to this step; −1 for none. */
  void begin(int number) {
    step = number;
  }

  /** The graphs, in order; none if there were no tasks. */
  List<ImmutableTaskGraph> finish() {
    TaskGraph last = graph;
    if (last != null) {
      finished.add(last.snapshot());
      graph = null;
    }
    return finished;
  }

  /** Whether any task has a grid. */
  boolean hasGrids() {
    return gridded;
  }

  private String graphName() {
    return name + "x" + finished.size();
  }

  /** The graph that the next task goes into, which knows its arguments. */
  private TaskGraph graph(Object... arguments) {
    List<Object> fresh = new ArrayList<>();
    for (Object argument : arguments) {
      boolean array = argument instanceof int[] || argument instanceof float[];
      if (array && !known.contains(argument)) {
        fresh.add(argument);
      }
    }
    int moreBytes = 20 + 5 * arguments.length;
    int moreNodes = NODES_OF_ARRAY * fresh.size() + 2 * arguments.length + 2;
    TaskGraph current = graph;
    if (current != null && (bytes + moreBytes > MOST_BYTES || nodes + moreNodes > MOST_NODES)) {
      finish();
      current = null;
    }
    if (current == null) {
      current = start();
    }
    bytes += moreBytes;
    nodes += moreNodes;
    for (Object array : fresh) {
      current.transferToDevice(DataTransferMode.FIRST_EXECUTION, array);
    }
    return current;
  }

  private TaskGraph start() {
    TaskGraph started = new TaskGraph(graphName());
    Set<Object> streamed = Collections.newSetFromMap(new IdentityHashMap<>());
    if (finished.isEmpty() && !inputs.isEmpty()) {
      streamed.addAll(inputs);
      started.transferToDevice(DataTransferMode.EVERY_EXECUTION, inputs.toArray());
    }
    for (Object array : resident) {
      if (!streamed.contains(array)) {
        started.consumeFromDevice(array);
      }
    }
    bytes = 0;
    nodes = NODES_OF_ARRAY * resident.length + 8;
    graph = started;
    return started;
  }

  /** The name of the next task, whose grid is made known. */
  private String next() {
    String id = (step < 0 ? "t" : "s" + step + "_") + tasks++;
    Grid over = grid;
    if (over != null) {
      int x = over.groupsX() * over.threadsX();
      int y = over.groupsY() * over.threadsY();
      WorkerGrid3D workers = new WorkerGrid3D(x, y, over.groupsZ());
      workers.setLocalWork(over.threadsX(), over.threadsY(), 1);
      gridded = true;
      grids.addWorkerGrid(graphName() + "." + id, workers);
      grid = null;
    }
    return id;
  }

  @Override
  public KernelContext over(Grid next) {
    grid = next;
    return new KernelContext();
  }

  @Override
  public <A, B, C> void task(Task3<A, B, C> code, A a, B b, C c) {
    graph(a, b, c).task(next(), code, a, b, c);
  }

  @Override
  public <A, B, C, D> void task(Task4<A, B, C, D> code, A a, B b, C c, D d) {
    graph(a, b, c, d).task(next(), code, a, b, c, d);
  }

  @Override
  public <A, B, C, D, E> void task(Task5<A, B, C, D, E> code, A a, B b, C c, D d, E e) {
    graph(a, b, c, d, e).task(next(), code, a, b, c, d, e);
  }

  @Override
  public <A, B, C, D, E, F> void task(Task6<A, B, C, D, E, F> code, A a, B b, C c, D d, E e, F f) {
    graph(a, b, c, d, e, f).task(next(), code, a, b, c, d, e, f);
  }

  @Override
  public <A, B, C, D, E, F, G> void task(
      Task7<A, B, C, D, E, F, G> code, A a, B b, C c, D d, E e, F f, G g) {
    graph(a, b, c, d, e, f, g).task(next(), code, a, b, c, d, e, f, g);
  }

  @Override
  public <A, B, C, D, E, F, G, H> void task(
      Task8<A, B, C, D, E, F, G, H> code, A a, B b, C c, D d, E e, F f, G g, H h) {
    graph(a, b, c, d, e, f, g, h).task(next(), code, a, b, c, d, e, f, g, h);
  }

  @Override
  public <A, B, C, D, E, F, G, H, I> void task(
      Task9<A, B, C, D, E, F, G, H, I> code, A a, B b, C c, D d, E e, F f, G g, H h, I i) {
    graph(a, b, c, d, e, f, g, h, i).task(next(), code, a, b, c, d, e, f, g, h, i);
  }

  @Override
  public <A, B, C, D, E, F, G, H, I, J> void task(
      Task10<A, B, C, D, E, F, G, H, I, J> code, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j) {
    graph(a, b, c, d, e, f, g, h, i, j).task(next(), code, a, b, c, d, e, f, g, h, i, j);
  }

  @Override
  public <A, B, C, D, E, F, G, H, I, J, K> void task(
      Task11<A, B, C, D, E, F, G, H, I, J, K> code,
      A a,
      B b,
      C c,
      D d,
      E e,
      F f,
      G g,
      H h,
      I i,
      J j,
      K k) {
    graph(a, b, c, d, e, f, g, h, i, j, k).task(next(), code, a, b, c, d, e, f, g, h, i, j, k);
  }
}
