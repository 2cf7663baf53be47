package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Unpickler;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden pickles as another reader of pickles sees them (Razorvine's), with tensors, arrays and
 * storages decoded here a second time: both must find the same modules, settings and elements.
 */
class OtherUnpicklerTest {
  record Module(String className, Map<?, ?> state) {}

  record Storage(String type, ByteBuffer elements) {}

  record Tensor(Storage storage, long first, List<Long> sizes, List<Long> strides) {}

  /** An element type of numpy; its state is always that of a little-endian one. */
  public static final class Type {
    final String code;
    boolean little;

    Type(String code) {
      this.code = code;
    }

    /** Called by the unpickler for BUILD. */
    @SuppressWarnings("MethodName") // Python's name
    public void __setstate__(Object[] state) {
      little = "<".equals(state[1]) || "|".equals(state[1]);
    }
  }

  /** An array of numpy, or a scalar. */
  public static final class Array {
    Object @Nullable [] state;

    /** Called by the unpickler for BUILD. */
    @SuppressWarnings("MethodName") // Python's name
    public void __setstate__(Object[] arrayState) {
      state = arrayState;
    }
  }

  /** Reads the pickles in a storage's stream. */
  private static final class StreamUnpickler extends Unpickler {
    @Override
    protected Object persistentLoad(Object id) {
      return id;
    }
  }

  @BeforeAll
  static void registerWhatNetworkFilesName() {
    register(
        "torch_utils.persistence",
        "_reconstruct_persistent_obj",
        args -> {
          Map<?, ?> meta = (Map<?, ?>) args[0];
          return new Module((String) get(meta, "class_name"), (Map<?, ?>) get(meta, "state"));
        });
    register("torch._utils", "_rebuild_parameter", args -> args[0]);
    register(
        "torch._utils",
        "_rebuild_tensor_v2",
        args ->
            new Tensor((Storage) args[0], number(args[1]), integers(args[2]), integers(args[3])));
    register("torch.storage", "_load_from_bytes", args -> storage((byte[]) args[0]));
    for (String type : List.of("FloatStorage", "DoubleStorage", "HalfStorage", "LongStorage")) {
      Unpickler.registerConstructor("torch", type, new Named(type));
    }
    register("collections", "OrderedDict", args -> new LinkedHashMap<>());
    register("dnnlib.util", "EasyDict", args -> new LinkedHashMap<>());
    register("numpy", "dtype", args -> new Type((String) args[0]));
    register("numpy", "ndarray", args -> new Array());
    for (String module : List.of("numpy.core.multiarray", "numpy._core.multiarray")) {
      register(module, "_reconstruct", args -> new Array());
      register(
          module,
          "scalar",
          args -> {
            Array scalar = new Array();
            scalar.__setstate__(new Object[] {1, new Object[0], args[0], false, args[1]});
            return scalar;
          });
    }
    register("builtins", "set", args -> new LinkedHashSet<>((List<?>) args[0]));
    register("__builtin__", "set", args -> new LinkedHashSet<>((List<?>) args[0]));
    register("_codecs", "encode", args -> ((String) args[0]).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A class that is named and never called. */
  record Named(String name) implements IObjectConstructor {
    @Override
    public Object construct(Object[] args) {
      throw new AssertionError(name + " is called");
    }
  }

  private interface Call {
    Object of(Object[] args);
  }

  private static void register(String module, String name, Call call) {
    Unpickler.registerConstructor(module, name, call::of);
  }

  private static Object get(Map<?, ?> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static List<Long> integers(Object tuple) {
    return Arrays.stream((Object[]) tuple).map(OtherUnpicklerTest::number).toList();
  }

  private static Storage storage(byte[] stream) {
    InputStream in = new ByteArrayInputStream(stream);
    try {
      assertThat(new StreamUnpickler().load(in)).hasToString("119547037146038801333356");
      assertThat(number(new StreamUnpickler().load(in))).isEqualTo(1001);
      assertThat(get((Map<?, ?>) new StreamUnpickler().load(in), "little_endian")).isEqualTo(true);
      Object[] id = (Object[]) new StreamUnpickler().load(in);
      assertThat(new StreamUnpickler().load(in)).isEqualTo(List.of(id[2]));
      assertThat(id).hasSize(6).startsWith("storage").endsWith(new Object[] {null});
      byte[] rest = in.readAllBytes();
      long count = ByteBuffer.wrap(rest).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertThat(number(id[4])).isEqualTo(count);
      String type = ((Named) id[1]).name();
      byte[] elements = Arrays.copyOfRange(rest, 8, rest.length);
      assertThat(elements.length).isEqualTo(Math.toIntExact(count * size(type)));
      return new Storage(type, ByteBuffer.wrap(elements));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int size(String type) {
    return switch (type) {
      case "HalfStorage" -> 2;
      case "FloatStorage" -> 4;
      default -> 8;
    };
  }

  static List<Path> pickles() throws IOException {
    return GoldenPickleTest.pickles();
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void bothReadersFindTheSame(Path pickle) throws IOException {
    assertBothReadersFindTheSame(pickle);
  }

  /** For files that were written here too. */
  static void assertBothReadersFindTheSame(Path pickle) throws IOException {
    registerWhatNetworkFilesName();
    Map<?, ?> other = (Map<?, ?>) new Unpickler().loads(Files.readAllBytes(pickle));
    NetworkFile ours = NetworkFile.read(pickle);
    for (String name : ours.names()) {
      StoredNetwork network = ours.network(name);
      Map<String, Module> modules = new HashMap<>();
      Map<String, Tensor> tensors = new HashMap<>();
      collect("", (Module) get(other, name), modules, tensors);
      assertThat(network.modules().keySet()).containsExactlyInAnyOrderElementsOf(modules.keySet());
      modules.forEach((path, module) -> assertSame(network.module(path), module, name + path));
      assertThat(network.tensors().keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
      tensors.forEach((path, tensor) -> assertSame(network.tensor(path), tensor, name + path));
    }
    Map<String, @Nullable Object> entries = new HashMap<>();
    other.forEach(
        (key, value) -> {
          if (!(value instanceof Module)) {
            entries.put(key.toString(), plain(value));
          }
        });
    assertThat(ours.entries()).isEqualTo(entries);
  }

  private static void collect(
      String path, Module module, Map<String, Module> modules, Map<String, Tensor> tensors) {
    modules.put(path, module);
    String prefix = path.isEmpty() ? "" : path + ".";
    for (String section : List.of("_parameters", "_buffers")) {
      ((Map<?, ?>) get(module.state(), section))
          .forEach(
              (key, value) -> {
                if (value != null) {
                  tensors.put(prefix + key, (Tensor) value);
                }
              });
    }
    ((Map<?, ?>) get(module.state(), "_modules"))
        .forEach((key, child) -> collect(prefix + key, (Module) child, modules, tensors));
  }

  private static void assertSame(StoredModule ours, Module other, String where) {
    assertThat(ours.className()).as(where).isEqualTo(other.className());
    assertThat(ours.initArgs()).as(where).isEqualTo(plain(get(other.state(), "_init_args")));
    assertThat(ours.initKwargs()).as(where).isEqualTo(plain(get(other.state(), "_init_kwargs")));
    Map<String, @Nullable Object> attributes = new HashMap<>();
    other
        .state()
        .forEach(
            (key, value) -> {
              if (!key.toString().startsWith("_") && !key.equals("training")) {
                attributes.put(key.toString(), plain(value));
              }
            });
    assertThat(ours.attributes()).as(where).isEqualTo(attributes);
  }

  private static void assertSame(HostTensor ours, Tensor other, String where) {
    assertThat(Arrays.stream(ours.shape().toArray()).boxed()).as(where).isEqualTo(other.sizes());
    ByteBuffer stored = other.storage().elements();
    ByteBuffer got = ours.data().asByteBuffer();
    int size = size(other.storage().type());
    int elements = Math.toIntExact(other.sizes().stream().reduce(1L, (a, b) -> a * b));
    assertThat(got.capacity()).as(where).isEqualTo(elements * size);
    for (int i = 0; i < elements; i++) {
      int from = Math.toIntExact(place(other, i)) * size;
      for (int k = 0; k < size; k++) {
        if (got.get(i * size + k) != stored.get(from + k)) {
          throw new AssertionError(where + " differs at element " + i);
        }
      }
    }
  }

  /** Where in its storage the element with a row-major index lies. */
  private static long place(Tensor tensor, long index) {
    long place = tensor.first();
    long rest = index;
    for (int axis = tensor.sizes().size() - 1; axis >= 0; axis--) {
      place += rest % tensor.sizes().get(axis) * tensor.strides().get(axis);
      rest /= tensor.sizes().get(axis);
    }
    return place;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case Integer integer -> integer.longValue();
      case BigInteger integer -> integer;
      case Object[] tuple -> plain(Arrays.asList(tuple));
      case List<?> list -> {
        List<@Nullable Object> plain = new ArrayList<>();
        list.forEach(item -> plain.add(plain(item)));
        yield plain;
      }
      case Set<?> set -> plain(List.copyOf(set));
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> plain = new HashMap<>();
        map.forEach((key, item) -> plain.put(key.toString(), plain(item)));
        yield plain;
      }
      case Array array -> array(array);
      case null -> null;
      default -> value;
    };
  }

  /** Network files have scalars and vectors of three types. */
  private static Object array(Array array) {
    Object[] state = Objects.requireNonNull(array.state);
    Type type = (Type) state[2];
    assertThat(type.little).isTrue();
    ByteBuffer data = ByteBuffer.wrap((byte[]) state[4]).order(ByteOrder.LITTLE_ENDIAN);
    List<Object> elements = new ArrayList<>();
    while (data.hasRemaining()) {
      elements.add(
          switch (type.code) {
            case "f8" -> data.getDouble();
            case "i8" -> data.getLong();
            case "b1" -> data.get() != 0;
            default -> throw new AssertionError(type.code);
          });
    }
    List<Long> shape = integers(state[1]);
    assertThat(shape.size()).isLessThan(2);
    return shape.isEmpty() ? elements.getFirst() : elements;
  }
}
