package org.aliasfree.checkpoint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * Turns pickle values into Java's own: null, Boolean, Long, BigInteger, Double, String, List and
 * Map. Tuples and sets become lists, numpy scalars numbers, small numpy arrays lists of lists.
 */
final class PlainValues {
  private static final int DEEPEST = 64;
  private static final long LARGEST_ARRAY = 4096;

  /** About what a value and its place in a list take. */
  private static final long VALUE_BYTES = 16;

  private final ReadingBudget budget;

  PlainValues(ReadingBudget budget) {
    this.budget = budget;
  }

  /** The entries of a dict that have a plain form. */
  Map<String, @Nullable Object> map(PickleValue.Dict dict, long offset) {
    return map(dict, offset, 0);
  }

  /** The value in a singleton list, which is empty when there is no plain form. */
  Optional<List<@Nullable Object>> of(PickleValue value, long offset) {
    List<@Nullable Object> out = new ArrayList<>(1);
    add(value, out, offset, 0);
    return out.isEmpty() ? Optional.empty() : Optional.of(out);
  }

  private Map<String, @Nullable Object> map(PickleValue.Dict dict, long offset, int depth) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    for (Map.Entry<Object, PickleValue> entry : dict.entries().entrySet()) {
      String key = entry.getKey() == PickleValue.None.NONE ? "None" : entry.getKey().toString();
      budget.walk(key.length() + 1, offset);
      List<@Nullable Object> value = new ArrayList<>(1);
      add(entry.getValue(), value, offset, depth + 1);
      if (!value.isEmpty()) {
        plain.put(key, value.get(0));
      }
    }
    return plain;
  }

  /** Appends the plain form; appends nothing when there is none. */
  private void add(PickleValue value, List<@Nullable Object> out, long offset, int depth) {
    if (depth > DEEPEST) {
      throw new Malformed(offset, "settings are nested more than " + DEEPEST + " deep.");
    }
    budget.walk(VALUE_BYTES, offset);
    switch (value) {
      case PickleValue.None _ -> out.add(null);
      case PickleValue.Bool(boolean bool) -> out.add(bool);
      case PickleValue.Int(long integer) -> out.add(integer);
      case PickleValue.BigInt(BigInteger integer) -> out.add(integer);
      case PickleValue.Real(double real) -> out.add(real);
      case PickleValue.Text(var _, String text) -> {
        budget.walk(text.length(), offset);
        out.add(text);
      }
      case PickleValue.Tuple(List<PickleValue> items) -> out.add(list(items, offset, depth));
      case PickleValue.Sequence list -> out.add(list(list.items(), offset, depth));
      case PickleValue.Keys set -> out.add(keys(set.keys(), offset));
      case PickleValue.Dict dict -> out.add(map(dict, offset, depth));
      case PickleValue.NumpyArray array -> addArray(array, out, offset);
      case PickleValue.LongText _,
          PickleValue.Bytes _,
          PickleValue.Global _,
          PickleValue.Storage _,
          PickleValue.Tensor _,
          PickleValue.NumpyType _,
          PickleValue.PersistentObject _,
          PickleValue.TensorFlowNetwork _ -> {}
    }
  }

  private List<@Nullable Object> list(List<PickleValue> items, long offset, int depth) {
    List<@Nullable Object> plain = new ArrayList<>();
    for (PickleValue item : items) {
      add(item, plain, offset, depth + 1);
    }
    return plain;
  }

  private List<@Nullable Object> keys(Collection<Object> keys, long offset) {
    budget.walk(keys.size() * VALUE_BYTES, offset);
    List<@Nullable Object> plain = new ArrayList<>();
    for (Object key : keys) {
      plain.add(key == PickleValue.None.NONE ? null : key);
    }
    return plain;
  }

  private void addArray(PickleValue.NumpyArray array, List<@Nullable Object> out, long offset) {
    if (array.type().elements() > LARGEST_ARRAY) {
      return;
    }
    budget.walk(array.type().elements() * VALUE_BYTES, offset);
    out.add(nested(array.toHostTensor(), array.isBoolean(), 0, new long[1]));
  }

  private static Object nested(HostTensor tensor, boolean bool, int axis, long[] next) {
    if (axis == tensor.shape().rank()) {
      return element(tensor, bool, next[0]++);
    }
    List<Object> row = new ArrayList<>();
    // An array with a size of 0 has no rows at all, whatever its other sizes are.
    long rows = tensor.shape().elements() == 0 ? 0 : tensor.shape().dim(axis);
    for (long i = 0; i < rows; i++) {
      row.add(nested(tensor, bool, axis + 1, next));
    }
    return row;
  }

  private static Object element(HostTensor tensor, boolean bool, long index) {
    if (bool) {
      return tensor.get(index) != 0;
    }
    if (tensor.dtype().isFloat()) {
      return tensor.get(index);
    }
    return tensor.dtype() == DType.I64
        ? tensor.data().get(HostTensor.I64, index * 8)
        : (long) tensor.get(index);
  }
}
