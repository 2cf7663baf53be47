package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** What numpy's own functions in a pickle make: types, scalars and arrays. */
final class NumpyValues {
  private static final int TYPE_STATE = 8;
  private static final int ARRAY_STATE = 5;

  private final ReadingBudget budget;

  NumpyValues(ReadingBudget budget) {
    this.budget = budget;
  }

  PickleValue call(String name, List<PickleValue> arguments, long offset) {
    return switch (name) {
      case "numpy.dtype" -> type(NetworkDialect.argument(name, arguments, 0, 1, 3, offset), offset);
      case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" -> {
        NetworkDialect.argument(name, arguments, 1, 2, 2, offset);
        yield array(arguments.get(0), arguments.get(1), new long[0], false, offset);
      }
      case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct" -> {
        PickleValue type = NetworkDialect.argument(name, arguments, 0, 3, 3, offset);
        if (!(type instanceof PickleValue.Global(String global))
            || !global.equals("numpy.ndarray")) {
          throw new Malformed(
              offset,
              "a numpy array is made as "
                  + PickleValues.kind(type)
                  + "; numpy.ndarray is supported.");
        }
        yield new PickleValue.NumpyArray(null);
      }
      case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer" -> {
        NetworkDialect.argument(name, arguments, 0, 4, 5, offset);
        yield new PickleValue.NumpyArray(fromBuffer(arguments, offset));
      }
      default -> throw new Malformed(offset, name + " is called, which network files do not do.");
    };
  }

  /**
   * Protocol 5: the data, type, shape and order. In the order {@code K} the shape is that of the
   * data as it lies, of which a fifth argument permutes the axes.
   */
  private StridedArray fromBuffer(List<PickleValue> arguments, long offset) {
    PickleValue type = arguments.get(1);
    PickleValue data = arguments.get(0);
    long[] sizes = PickleValues.integers(arguments.get(2), offset);
    String order = PickleValues.text(arguments.get(3), offset);
    boolean plain = arguments.size() == 4 || arguments.get(4) == PickleValue.None.NONE;
    if (plain && (order.equals("C") || order.equals("F"))) {
      return content(type, data, sizes, order.equals("F"), offset);
    }
    if (plain || !order.equals("K")) {
      throw new Malformed(offset, "a numpy array has the unknown order " + Quoted.of(order) + ".");
    }
    return content(type, data, sizes, false, offset)
        .permuted(PickleValues.integers(arguments.get(4), offset));
  }

  private static PickleValue type(PickleValue code, long offset) {
    String text = PickleValues.text(code, offset);
    if (text.startsWith(">")) {
      throw bigEndian(offset);
    }
    boolean prefixed = text.startsWith("<") || text.startsWith("|");
    return new PickleValue.NumpyType(prefixed ? text.substring(1) : text);
  }

  private static Malformed bigEndian(long offset) {
    return new Malformed(offset, "a numpy array is big-endian; network files are little-endian.");
  }

  /** BUILD: the byte order of a type, or the content of an array. */
  void build(PickleValue target, PickleValue state, long offset) {
    if (state instanceof PickleValue.Tuple(List<PickleValue> items)) {
      if (target instanceof PickleValue.NumpyType && items.size() >= TYPE_STATE) {
        checkTypeState(items, offset);
        return;
      }
      if (target instanceof PickleValue.NumpyArray array && items.size() == ARRAY_STATE) {
        array.fill(
            content(
                items.get(2),
                items.get(4),
                PickleValues.integers(items.get(1), offset),
                PickleValues.bool(items.get(3), offset),
                offset));
        return;
      }
    }
    throw new Malformed(
        offset,
        "BUILD sets the state of "
            + PickleValues.kind(target)
            + " to "
            + PickleValues.kind(state)
            + ", which network files do not do.");
  }

  private static void checkTypeState(List<PickleValue> items, long offset) {
    switch (PickleValues.text(items.get(1), offset)) {
      case "<", "|" -> {}
      case ">" -> throw bigEndian(offset);
      default -> throw new Malformed(offset, "a numpy type has no known byte order.");
    }
    for (PickleValue compound : items.subList(2, 5)) {
      if (compound != PickleValue.None.NONE) {
        throw new Malformed(
            offset, "a numpy type has fields or parts; plain numbers are supported.");
      }
    }
  }

  private PickleValue array(
      PickleValue type, PickleValue data, long[] sizes, boolean fortran, long offset) {
    return new PickleValue.NumpyArray(content(type, data, sizes, fortran, offset));
  }

  private StridedArray content(
      PickleValue type, PickleValue data, long[] sizes, boolean fortran, long offset) {
    if (!(type instanceof PickleValue.NumpyType numpyType)) {
      throw new Malformed(offset, "a numpy array has " + PickleValues.kind(type) + " for a type.");
    }
    ElementType element = ElementType.ofNumpy(numpyType.code());
    if (element == null) {
      throw new Malformed(
          offset,
          "a numpy array has the type "
              + Quoted.of(numpyType.code())
              + "; f2, f4, f8, i1, i2, i4, i8, u1 and b1 are supported.");
    }
    MemorySegment bytes = PickleValues.bytes(data, offset).data();
    StridedArray array =
        new StridedArray(
            element, bytes, 0, sizes, StridedArray.denseStrides(sizes, fortran), offset, budget);
    if (array.type().elements() * element.bytes() != bytes.byteSize()) {
      throw new Malformed(
          offset,
          "a numpy array of type "
              + numpyType.code()
              + array.type().shape()
              + " has "
              + bytes.byteSize()
              + " bytes of data.");
    }
    return array;
  }
}
