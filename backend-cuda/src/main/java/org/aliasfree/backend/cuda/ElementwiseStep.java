package org.aliasfree.backend.cuda;

import org.aliasfree.op.Elementwise;
import org.aliasfree.tensor.DType;

/**
 * A step of a chain. v is what the chain has computed, w and u are other operands.
 *
 * @param code what is done
 * @param first number of the operand w, or {@link #SAME} or {@link #NONE}
 * @param second of u
 */
record ElementwiseStep(Code code, int first, int second) {
  /** In place of a number: v itself. */
  static final int SAME = -1;

  /** In place of a number: there is none. */
  static final int NONE = -2;

  /** {@code StepCode} of elementwise_steps.cuh, in the same order. */
  enum Code {
    NEG,
    ABS,
    SIGN,
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    SIN,
    COS,
    TANH,
    SQRT,
    RSQRT,
    RECIPROCAL,
    FLOOR,
    ROUND,
    ADD,
    SUB,
    SUB_FROM,
    MUL,
    DIV,
    DIV_INTO,
    MIN,
    MAX,
    LT,
    GT,
    LE,
    GE,
    EQ,
    NE,
    INT_NEG,
    INT_ABS,
    INT_ADD,
    INT_SUB,
    INT_SUB_FROM,
    INT_MUL,
    INT_DIV,
    INT_DIV_INTO,
    INT_MIN,
    INT_MAX,
    INT_LT,
    INT_GT,
    INT_LE,
    INT_GE,
    INT_EQ,
    INT_NE,
    SELECT_BY,
    SELECT_A,
    SELECT_B,
    TO_F16,
    TO_INT,
    TO_FLOAT,
    TO_BYTE;

    /** Whether the kernels with all functions are needed. */
    boolean isCostly() {
      return switch (this) {
        case EXP, EXPM1, LOG, LOG1P, SIN, COS, TANH, INT_DIV, INT_DIV_INTO -> true;
        default -> false;
      };
    }
  }

  /** Of one operand. */
  static ElementwiseStep of(Code code) {
    return new ElementwiseStep(code, NONE, NONE);
  }

  /** A function of v. */
  static Code unary(Elementwise.UnaryFunction function, DType type) {
    return Code.valueOf((type.isFloat() ? "" : "INT_") + function.name());
  }

  /** f(v, w), or f(w, v) where they are exchanged. */
  static Code binary(Elementwise.BinaryFunction function, DType type, boolean exchanged) {
    String name =
        !exchanged
            ? function.name()
            : switch (function) {
              case SUB -> "SUB_FROM";
              case DIV -> "DIV_INTO";
              case ADD, MUL, MIN, MAX -> function.name();
            };
    return Code.valueOf((type.isFloat() ? "" : "INT_") + name);
  }

  /** Whether v compares with w so, or w with v where they are exchanged. */
  static Code compare(Elementwise.Comparison comparison, DType type, boolean exchanged) {
    String name =
        !exchanged
            ? comparison.name()
            : switch (comparison) {
              case LT -> "GT";
              case LE -> "GE";
              case EQ, NE -> comparison.name();
            };
    return Code.valueOf((type.isFloat() ? "" : "INT_") + name);
  }

  /** Adds it to a kernel's arguments. */
  @SuppressWarnings("EnumOrdinal") // kernels take codes as numbers, in this order
  void addTo(Arguments arguments) {
    arguments.int32(code.ordinal()).int32(first).int32(second);
  }
}
