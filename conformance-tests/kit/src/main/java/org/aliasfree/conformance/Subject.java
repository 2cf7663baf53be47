package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.tensor.DType;

/** A backend under test, opened with an allocator that watches it, and the reference. */
public final class Subject implements AutoCloseable {
  private final BackendProvider provider;
  private final BackendOptions options;
  private final Opened opened;
  private final Oracle oracle = new Oracle();
  private final List<Opened> others = new ArrayList<>();

  /** Opens the backend's default device. */
  public Subject(BackendProvider provider) {
    this(provider, BackendOptions.defaults().withThreads(2));
  }

  /** Opens the backend. */
  public Subject(BackendProvider provider, BackendOptions options) {
    this.provider = provider;
    this.options = options;
    opened = open(options);
  }

  /** An open backend and its watched allocator. */
  record Opened(Backend backend, KitAllocator allocator) implements AutoCloseable {
    @Override
    public void close() {
      backend.close();
    }
  }

  /** Opens the backend once more. */
  Opened open(BackendOptions with) {
    AtomicReference<KitAllocator> allocator = new AtomicReference<>();
    Backend backend =
        provider.open(
            with.withAllocator(
                own -> {
                  allocator.set(new KitAllocator(with.allocator().apply(own)));
                  return Objects.requireNonNull(allocator.get());
                }));
    KitAllocator made = allocator.get();
    if (made == null) {
      backend.close();
      throw new Violation(
          Rule.MEM_1,
          provider.id()
              + " did not ask BackendOptions.allocator() for the allocator that its memory shall come from.");
    }
    return new Opened(backend, made);
  }

  /** The same backend with other numbers of threads than this one. */
  synchronized List<Opened> otherThreads() {
    if (others.isEmpty()) {
      others.add(open(options.withThreads(1)));
      others.add(open(options.withThreads(3)));
    }
    return others;
  }

  /** The provider. */
  public BackendProvider provider() {
    return provider;
  }

  BackendOptions options() {
    return options;
  }

  /** The open backend. */
  public Backend backend() {
    return opened.backend();
  }

  Opened opened() {
    return opened;
  }

  KitAllocator allocator() {
    return opened.allocator();
  }

  Oracle oracle() {
    return oracle;
  }

  /** The floating-point types that the backend has, f32 first. */
  List<DType> floats() {
    return Arrays.asList(DType.F32, DType.F16, DType.F64).stream()
        .filter(t -> backend().dtypes().contains(t))
        .toList();
  }

  @Override
  public void close() {
    others.forEach(Opened::close);
    opened.close();
    oracle.close();
  }
}
