package org.aliasfree.backend.tornado;

import java.util.IdentityHashMap;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task7;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task9;

/** Runs tasks at once, as the plain Java that they are. */
final class JavaTasks implements Tasks {
  private final IdentityHashMap<Object, Object> copies;

  /**
   * @param copies of arrays, on which tasks work in their stead
   */
  JavaTasks(IdentityHashMap<Object, Object> copies) {
    this.copies = copies;
  }

  @SuppressWarnings("unchecked")
  private <T> T on(T argument) {
    return (T) copies.getOrDefault(argument, argument);
  }

  @Override
  public KernelContext over(Grid grid) {
    throw new UnsupportedOperationException("code for work-groups does not run as plain Java");
  }

  @Override
  public <A, B, C> void task(Task3<A, B, C> code, A a, B b, C c) {
    code.apply(on(a), on(b), on(c));
  }

  @Override
  public <A, B, C, D> void task(Task4<A, B, C, D> code, A a, B b, C c, D d) {
    code.apply(on(a), on(b), on(c), on(d));
  }

  @Override
  public <A, B, C, D, E> void task(Task5<A, B, C, D, E> code, A a, B b, C c, D d, E e) {
    code.apply(on(a), on(b), on(c), on(d), on(e));
  }

  @Override
  public <A, B, C, D, E, F> void task(Task6<A, B, C, D, E, F> code, A a, B b, C c, D d, E e, F f) {
    code.apply(on(a), on(b), on(c), on(d), on(e), on(f));
  }

  @Override
  public <A, B, C, D, E, F, G> void task(
      Task7<A, B, C, D, E, F, G> code, A a, B b, C c, D d, E e, F f, G g) {
    code.apply(on(a), on(b), on(c), on(d), on(e), on(f), on(g));
  }

  @Override
  public <A, B, C, D, E, F, G, H> void task(
      Task8<A, B, C, D, E, F, G, H> code, A a, B b, C c, D d, E e, F f, G g, H h) {
    code.apply(on(a), on(b), on(c), on(d), on(e), on(f), on(g), on(h));
  }

  @Override
  public <A, B, C, D, E, F, G, H, I> void task(
      Task9<A, B, C, D, E, F, G, H, I> code, A a, B b, C c, D d, E e, F f, G g, H h, I i) {
    code.apply(on(a), on(b), on(c), on(d), on(e), on(f), on(g), on(h), on(i));
  }

  @Override
  public <A, B, C, D, E, F, G, H, I, J> void task(
      Task10<A, B, C, D, E, F, G, H, I, J> code, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j) {
    code.apply(on(a), on(b), on(c), on(d), on(e), on(f), on(g), on(h), on(i), on(j));
  }

  @Override
  public <A, B, C, D, E, F, G, H, I, J, K> void task(
      Task11<A, B, C, D, E, F, G, H, I, J, K> code,
      A a,
      B b,
      C c,
      D d,
      E e,
      F f,
      G g,
      H h,
      I i,
      J j,
      K k) {
    code.apply(on(a), on(b), on(c), on(d), on(e), on(f), on(g), on(h), on(i), on(j), on(k));
  }
}
