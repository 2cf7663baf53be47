package org.aliasfree.op;

import java.util.List;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** Ops without inputs: where values come from. */
public sealed interface Source extends Op {

  /**
   * A value bound before each run: latents, labels, transforms, whatever changes from run to run.
   */
  record Input(String inputName, TensorType type) implements Source {
    @Override
    public String name() {
      return "input";
    }

    @Override
    public TensorType outputType() {
      return type;
    }
  }

  /** The value that a variable had when the run began. */
  record Read(Variable variable) implements Source {
    @Override
    public String name() {
      return "read";
    }

    @Override
    public TensorType outputType() {
      return variable.type();
    }
  }

  /** A tensor known when the graph is built; it must not be changed afterwards. */
  record Constant(HostTensor value) implements Source {
    @Override
    public String name() {
      return "constant";
    }

    @Override
    public TensorType outputType() {
      return value.type();
    }
  }

  /** One value everywhere. */
  record Fill(TensorType type, double value) implements Source {
    @Override
    public String name() {
      return "fill";
    }

    @Override
    public TensorType outputType() {
      return type;
    }
  }

  /** The index along one axis: 0, 1, 2, … */
  record Iota(Shape shape, int axis, DType dtype) implements Source {
    /** Checks the axis. */
    public Iota {
      axis = shape.axis(axis);
    }

    @Override
    public String name() {
      return "iota";
    }

    @Override
    public TensorType outputType() {
      return new TensorType(dtype, shape);
    }
  }

  /** Type of the only output. */
  TensorType outputType();

  @Override
  default List<TensorType> infer(List<TensorType> inputs) {
    Check.count(name(), inputs, 0);
    return List.of(outputType());
  }

  @Override
  default boolean isCore() {
    return true;
  }
}
