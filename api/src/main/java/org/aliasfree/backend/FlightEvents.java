package org.aliasfree.backend;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of the Flight Recorder; their fields are what users read, so names stay. */
final class FlightEvents {
  private FlightEvents() {}

  @Name("org.aliasfree.NetworkLoad")
  @Label("Network Load")
  @Category("AliasFree")
  @Description("A network file or resource was read; weights that lie in a mapped file are not")
  static final class NetworkLoad extends Event {
    @Label("Source")
    @Nullable String source;
  }

  @Name("org.aliasfree.Compile")
  @Label("Compile")
  @Category("AliasFree")
  @Description("A backend made plans of graphs")
  static final class Compile extends Event {
    @Label("Backend")
    @Nullable String backend;

    @Label("Plans")
    @Description("Names of the program's entries")
    @Nullable String plans;

    @Label("Nodes")
    @Description("Ops of all graphs together, before lowering")
    int nodes;
  }

  @Name("org.aliasfree.PlanRun")
  @Label("Plan Run")
  @Category("AliasFree")
  @Description("A plan was executed once")
  static final class PlanRun extends Event {
    @Label("Backend")
    @Nullable String backend;

    @Label("Plan")
    @Description("Name of the program's entry")
    @Nullable String plan;

    @Label("Run")
    @Description("Which run of the plan, from 1; a run is executed by one thread at a time")
    int run;

    @Label("Batch")
    @Description("Images or latents that are computed together")
    long batch;

    @Label("Steps")
    int steps;

    @Label("Operations")
    @Description("Floating-point operations that the formulas of the steps ask for")
    long flops;

    @Label("Least Traffic")
    @Description("Each step's inputs read once and outputs written once")
    @DataAmount
    long bytes;

    @Label("Memory")
    @Description("What a run takes for activations, inputs and outputs")
    @DataAmount
    long memory;
  }

  @Name("org.aliasfree.PlanStep")
  @Label("Plan Step")
  @Category("AliasFree")
  @Description("One op of a plan was executed")
  @Threshold("1 ms")
  @StackTrace(false)
  static final class PlanStep extends Event {
    @Label("Op")
    @Nullable String op;

    @Label("Layer")
    @Nullable String layer;

    @Label("Inputs")
    @Description("Element types and shapes")
    @Nullable String inputs;

    @Label("Outputs")
    @Description("Element types and shapes")
    @Nullable String outputs;

    @Label("Measured Time")
    @Description("As the backend tells it; the event lasts from the end of the step before")
    @Timespan(Timespan.NANOSECONDS)
    long measured;

    @Label("Operations")
    @Description("Floating-point operations that the formula asks for")
    long flops;

    @Label("Operations Done")
    @Description("Floating-point operations of the algorithm that the backend chose")
    long flopsDone;

    @Label("Least Traffic")
    @Description("Inputs read once, outputs written once")
    @DataAmount
    long bytes;

    @Label("Plan")
    @Nullable String plan;

    @Label("Run")
    int run;
  }
}
