package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names that network pickles contain, and the plain values that stand for what Python would
 * make of them. The list is complete: any other name is refused before anything is done with it.
 */
final class NetworkDialect implements PickleMachine.Dialect {
  private static final Set<String> KNOWN =
      Set.of(
          "torch_utils.persistence._reconstruct_persistent_obj",
          "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_tensor_v2",
          "torch.storage._load_from_bytes",
          "collections.OrderedDict",
          "dnnlib.util.EasyDict",
          TensorFlowNetworks.CLASS,
          "numpy.dtype",
          "numpy.ndarray",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray._reconstruct",
          "numpy.core.numeric._frombuffer",
          "numpy._core.numeric._frombuffer",
          "builtins.set",
          "__builtin__.set",
          "builtins.bytes",
          "__builtin__.bytes",
          "builtins.bytearray",
          "__builtin__.bytearray",
          "_codecs.encode");

  private static final Set<String> INSTANTIATED =
      Set.of("collections.OrderedDict", "dnnlib.util.EasyDict", TensorFlowNetworks.CLASS);

  static final long PERSISTENCE_VERSION = 6;

  private final ReadingBudget budget;
  private final NumpyValues numpy;
  private final IdentityHashMap<PickleValue.Bytes, PickleValue.Storage> storages =
      new IdentityHashMap<>();

  NetworkDialect(ReadingBudget budget) {
    this.budget = budget;
    this.numpy = new NumpyValues(budget);
  }

  @Override
  public void checkGlobal(String name, long offset) {
    if (!KNOWN.contains(name)) {
      throw new Malformed(
          offset,
          "the file asks for the Python object "
              + Quoted.bare(name)
              + ", which network files do not use; it is refused and nothing was run.");
    }
  }

  @Override
  public PickleValue call(PickleValue callee, List<PickleValue> arguments, long offset) {
    if (!(callee instanceof PickleValue.Global global)) {
      throw new Malformed(offset, PickleValues.kind(callee) + " is called, which is refused.");
    }
    String name = global.name();
    int count = arguments.size();
    return switch (name) {
      case "torch_utils.persistence._reconstruct_persistent_obj" ->
          persistentObject(argument(name, arguments, 0, 1, 1, offset), offset);
      case "torch._utils._rebuild_parameter" ->
          parameter(argument(name, arguments, 0, 3, 3, offset), offset);
      case "torch._utils._rebuild_tensor_v2" -> {
        argument(name, arguments, 0, 6, 7, offset);
        yield tensor(arguments, offset);
      }
      case "torch.storage._load_from_bytes" ->
          storage(argument(name, arguments, 0, 1, 1, offset), offset);
      case "collections.OrderedDict", "dnnlib.util.EasyDict" -> {
        expectCount(name, count == 0, count, offset);
        yield new PickleValue.Dict();
      }
      case TensorFlowNetworks.CLASS -> {
        expectCount(name, count == 0, count, offset);
        yield new PickleValue.TensorFlowNetwork(offset);
      }
      case "builtins.set", "__builtin__.set" ->
          set(argument(name, arguments, 0, 1, 1, offset), offset);
      case "builtins.bytes", "__builtin__.bytes", "builtins.bytearray", "__builtin__.bytearray" -> {
        expectCount(name, count <= 2, count, offset);
        yield count == 0
            ? new PickleValue.Bytes(MemorySegment.ofArray(new byte[0]), offset, false)
            : encoded(arguments, offset);
      }
      case "_codecs.encode" -> {
        argument(name, arguments, 1, 2, 2, offset);
        yield encoded(arguments, offset);
      }
      default -> numpy.call(name, arguments, offset);
    };
  }

  /**
   * NEWOBJ makes an instance of a class without calling its constructor. For classes of dicts, and
   * for those whose state follows, it is the same as a call; a set or byte string would stay empty.
   */
  @Override
  public PickleValue instance(PickleValue callee, List<PickleValue> arguments, long offset) {
    if (callee instanceof PickleValue.Global(String name) && INSTANTIATED.contains(name)) {
      return call(callee, arguments, offset);
    }
    throw new Malformed(
        offset,
        "an instance of " + PickleValues.kind(callee) + " is made, which network files do not do.");
  }

  /** One argument, after checking how many there are. */
  static PickleValue argument(
      String name, List<PickleValue> arguments, int index, int fewest, int most, long offset) {
    int count = arguments.size();
    expectCount(name, count >= fewest && count <= most, count, offset);
    return arguments.get(index);
  }

  private static void expectCount(String name, boolean right, int count, long offset) {
    if (!right) {
      throw new Malformed(
          offset, name + " has " + count + " arguments, which is not what network files give it.");
    }
  }

  @Override
  public void build(PickleValue target, PickleValue state, long offset) {
    if (target instanceof PickleValue.TensorFlowNetwork network
        && state instanceof PickleValue.Dict content) {
      network.fill(content);
      return;
    }
    numpy.build(target, state, offset);
  }

  @Override
  public PickleValue persistent(PickleValue id, long offset) {
    throw new Malformed(
        offset,
        "BINPERSID is refused here: only the storage streams inside a network file use it.");
  }

  private static PickleValue persistentObject(PickleValue meta, long offset) {
    if (!(meta instanceof PickleValue.Dict dict)
        || !(dict.get("type") instanceof PickleValue.Text(var _, String type))
        || !(dict.get("class_name") instanceof PickleValue.Text(var _, String className))
        || !(dict.get("version") instanceof PickleValue.Int(long version))
        || !(dict.get("state") instanceof PickleValue.Dict state)) {
      throw new Malformed(
          offset,
          "a persistent object has no type, version, class_name or state of the right kind; the file is damaged.");
    }
    if (!type.equals("class") || version != PERSISTENCE_VERSION) {
      throw new Malformed(
          offset,
          "a persistent object has type "
              + Quoted.of(type)
              + " and version "
              + version
              + "; \"class\" and 6 are supported.");
    }
    return new PickleValue.PersistentObject(className, state, offset);
  }

  private static PickleValue parameter(PickleValue tensor, long offset) {
    if (tensor instanceof PickleValue.Tensor) {
      return tensor;
    }
    throw new Malformed(
        offset, "a parameter is made of " + PickleValues.kind(tensor) + " instead of a tensor.");
  }

  private PickleValue tensor(List<PickleValue> arguments, long offset) {
    if (!(arguments.get(0) instanceof PickleValue.Storage storage)) {
      throw new Malformed(
          offset,
          "a tensor is made of " + PickleValues.kind(arguments.get(0)) + " instead of a storage.");
    }
    if (arguments.size() == 7 && !isEmpty(arguments.get(6))) {
      throw new Malformed(
          offset, "a tensor is marked as negated or conjugated, which network files do not have.");
    }
    long first = PickleValues.integer(arguments.get(1), offset);
    long[] sizes = PickleValues.integers(arguments.get(2), offset);
    long[] strides = PickleValues.integers(arguments.get(3), offset);
    return new PickleValue.Tensor(
        new StridedArray(storage.element(), storage.data(), first, sizes, strides, offset, budget));
  }

  private static boolean isEmpty(PickleValue metadata) {
    return metadata == PickleValue.None.NONE
        || (metadata instanceof PickleValue.Dict dict && dict.entries().isEmpty());
  }

  /** A storage; the same bytes give the same storage, however often they are named. */
  private PickleValue storage(PickleValue stream, long offset) {
    PickleValue.Bytes bytes = PickleValues.bytes(stream, offset);
    PickleValue.Storage storage = storages.get(bytes);
    if (storage == null) {
      storage = TorchStorage.read(bytes, budget);
      storages.put(bytes, storage);
    }
    return storage;
  }

  private PickleValue set(PickleValue items, long offset) {
    PickleValue.Keys set = new PickleValue.Keys();
    List<PickleValue> values =
        switch (items) {
          case PickleValue.Sequence list -> list.items();
          case PickleValue.Tuple tuple -> tuple.items();
          default ->
              throw new Malformed(
                  offset, "a set is made of " + PickleValues.kind(items) + " instead of a list.");
        };
    for (PickleValue value : values) {
      set.add(PickleValues.key(value, set.keys(), budget, offset));
    }
    return set;
  }

  /** Bytes given as they are, or (protocol 2) as text in which each character is a byte. */
  private PickleValue encoded(List<PickleValue> arguments, long offset) {
    if (arguments.get(0) instanceof PickleValue.Bytes bytes && arguments.size() == 1) {
      return bytes;
    }
    Optional<MemorySegment> utf8 = PickleValues.utf8(arguments.get(0));
    if (arguments.size() == 2 && utf8.isPresent()) {
      String charset = PickleValues.text(arguments.get(1), offset);
      if (charset.equals("latin1") || charset.equals("latin-1")) {
        budget.copy(utf8.get().byteSize(), offset);
        return new PickleValue.Bytes(Latin1.encode(utf8.get(), offset), offset, false);
      }
    }
    throw new Malformed(
        offset, "bytes are made in a way that network files do not use; latin1 text is expected.");
  }
}
