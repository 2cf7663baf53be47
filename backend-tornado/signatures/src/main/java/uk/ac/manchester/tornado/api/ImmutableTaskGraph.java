package uk.ac.manchester.tornado.api;

/** A task graph that changes no more. */
public class ImmutableTaskGraph {
  private ImmutableTaskGraph() {}
}
