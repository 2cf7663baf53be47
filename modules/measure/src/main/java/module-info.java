/** Measures the machine: peaks of arithmetic and memory, and the memory of this process. */
module org.aliasfree.measure {
  requires jdk.incubator.vector;
  requires static org.jspecify;

  exports org.aliasfree.measure;
}
