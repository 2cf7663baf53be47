package org.aliasfree.backend;

import java.util.Collection;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * The values of a program's variables, in the backend's memory. Values change between runs only: by
 * {@link #write}, or when a run that assigns them ends. Reading and writing while a run that uses
 * the store is executing is an error of the caller.
 */
public interface VariableStore extends AutoCloseable {
  /** The variables, in the order they were given. */
  Collection<Variable> variables();

  /**
   * Copies a value in; its type must be the variable's. What was prepared from the old value is
   * dropped.
   */
  void write(Variable variable, HostTensor value);

  /** A copy of the value. */
  HostTensor read(Variable variable);

  /** A number that grows whenever the variable gets a value. */
  long version(Variable variable);

  /** Bytes held by the variables and by what was prepared from them. */
  Bytes bytes();

  /**
   * Memory of a store.
   *
   * @param variables bytes of the values
   * @param prepared bytes of values derived from them that plans keep: packed weights and the like
   */
  record Bytes(long variables, long prepared) {}

  @Override
  void close();
}
