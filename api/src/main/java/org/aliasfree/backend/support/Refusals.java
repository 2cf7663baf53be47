package org.aliasfree.backend.support;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** What every backend refuses, in the same words. */
public final class Refusals {
  private Refusals() {}

  /** The backend was closed. */
  public static AliasFreeException closedBackend(String id) {
    return new AliasFreeException(
        "The backend " + id + " was closed and cannot be used any more; open it again.");
  }

  /** The program was closed. */
  public static AliasFreeException closedProgram() {
    return new AliasFreeException("The program was closed and cannot be used any more.");
  }

  /** The store was closed. */
  public static AliasFreeException closedStore() {
    return new AliasFreeException("The store of variables was closed and cannot be used any more.");
  }

  /** The store given to a backend is not one of its own. */
  public static AliasFreeException foreignStore() {
    return new AliasFreeException(
        "The store belongs to another backend or was closed; make one with this backend.");
  }

  /** The store was not made for the variable. */
  public static AliasFreeException unknownVariable(Variable variable) {
    return new AliasFreeException(
        "The store has no variable "
            + variable
            + "; it must be among those that the store was made for.");
  }

  /** Refuses a value of another type than the variable's. */
  public static void checkValue(Variable variable, HostTensor value) {
    if (!value.type().equals(variable.type())) {
      throw new AliasFreeException(
          "The variable " + variable + " cannot take a value of type " + value.type() + ".");
    }
  }

  /** Refuses variables of one store that have the same name. */
  public static void checkNames(Collection<Variable> variables) {
    Set<String> names = new HashSet<>();
    for (Variable v : variables) {
      if (!names.add(v.name())) {
        throw new AliasFreeException(
            "Two variables of one store are called \"" + v.name() + "\"; names must differ.");
      }
    }
  }

  /** Refuses a node with a result of a type that the backend has not. */
  public static void checkTypes(String id, Set<DType> dtypes, Node node) {
    for (Tensor t : node.outputs()) {
      checkType(id, dtypes, t.type(), node.toString());
    }
  }

  /**
   * Refuses a type that the backend has not.
   *
   * @param who what is of that type
   */
  public static void checkType(String id, Set<DType> dtypes, TensorType type, String who) {
    if (!dtypes.contains(type.dtype())) {
      throw new AliasFreeException(
          "The backend "
              + id
              + " has no "
              + type.dtype().label()
              + ", which "
              + who
              + " makes; it has "
              + dtypes
              + ". Choose another precision or backend.");
    }
  }
}
