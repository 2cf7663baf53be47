package uk.ac.manchester.tornado.api;

/** What is installed. */
public interface TornadoRuntime {
  /** How many drivers there are. */
  int getNumBackends();

  /** One of them. */
  TornadoBackend getBackend(int index);
}
