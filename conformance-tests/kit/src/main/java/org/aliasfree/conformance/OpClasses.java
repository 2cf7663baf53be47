package org.aliasfree.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.aliasfree.op.Op;

/** The records of the sealed op set. */
final class OpClasses {
  private static final List<Class<?>> ALL = leaves(Op.class).toList();

  private OpClasses() {}

  static List<Class<?>> all() {
    return ALL;
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OpClasses::leaves)
        : Stream.of(type);
  }
}
