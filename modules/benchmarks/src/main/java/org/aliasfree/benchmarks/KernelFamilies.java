package org.aliasfree.benchmarks;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Param;

/** The states of {@link KernelBenchmark} by the names of the benchmarks that use them. */
final class KernelFamilies {
  private KernelFamilies() {}

  /** A new state for each benchmark: {@code filteredLrelu} is that of {@code FilteredLrelu}. */
  static Map<String, KernelState> all() {
    Map<String, KernelState> all = new TreeMap<>();
    for (Class<?> type : KernelBenchmark.class.getDeclaredClasses()) {
      if (KernelState.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
        String name = type.getSimpleName();
        all.put(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), make(type));
      }
    }
    return all;
  }

  private static KernelState make(Class<?> type) {
    try {
      return (KernelState) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a state of benchmarks that cannot be made: " + type, e);
    }
  }

  /** The shapes that a benchmark is run for. */
  static List<String> shapes(KernelState state) {
    try {
      Param shapes = state.getClass().getField("shape").getAnnotation(Param.class);
      return Arrays.asList(shapes.value());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a state of benchmarks without a shape: " + state, e);
    }
  }
}
