package org.aliasfree.backend;

import java.util.Collection;
import java.util.Set;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Variable;

/**
 * An open backend: it holds the values of variables and compiles programs over them. All methods
 * may be called by several threads. Closing it waits for nothing: stores, plans and runs made by it
 * must be closed before.
 */
public interface Backend extends AutoCloseable {
  /** The provider's id. */
  String id();

  /** One line for people: device, vector width, threads. */
  String description();

  /** Element types that graphs may use. */
  Set<DType> dtypes();

  /** Whether the backend runs this op itself; the others are lowered to their definition. */
  boolean isNative(Op op);

  /**
   * How many times the rounding error of plain f32 arithmetic the algorithm chosen for this node
   * may make: 1 or more. Declared for fast forms that cost accuracy (Winograd, split tf32); the
   * conformance tests allow so much and no more.
   */
  default double errorFactor(Node node) {
    return 1;
  }

  /**
   * Whether networks had better compute in f16 where they ask for it: true for GPUs, which have
   * units for that, false for CPUs.
   */
  default boolean prefersHalf() {
    return false;
  }

  /** A store for these variables, all zero. */
  VariableStore createStore(Collection<Variable> variables);

  /**
   * Compiles a program over a store. Plans compiled over one store share its variables and what is
   * prepared from them, so that another batch size costs no second copy of the weights.
   *
   * @throws org.aliasfree.AliasFreeException if the program uses a variable that the store has not
   */
  CompiledProgram compile(Program program, VariableStore store);

  @Override
  void close();
}
