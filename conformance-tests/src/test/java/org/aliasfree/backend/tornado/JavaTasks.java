package org.aliasfree.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task7;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task9;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;

/** Runs tasks at once, as the plain Java that they are. */
final class JavaTasks implements Tasks {
  @Override
  public KernelContext over(Grid grid) {
    throw new UnsupportedOperationException("code for work-groups does not run as plain Java");
  }

  @Override
  public <A, B, C> void task(Task3<A, B, C> code, A a, B b, C c) {
    code.apply(a, b, c);
  }

  @Override
  public <A, B, C, D> void task(Task4<A, B, C, D> code, A a, B b, C c, D d) {
    code.apply(a, b, c, d);
  }

  @Override
  public <A, B, C, D, E> void task(Task5<A, B, C, D, E> code, A a, B b, C c, D d, E e) {
    code.apply(a, b, c, d, e);
  }

  @Override
  public <A, B, C, D, E, F> void task(Task6<A, B, C, D, E, F> code, A a, B b, C c, D d, E e, F f) {
    code.apply(a, b, c, d, e, f);
  }

  @Override
  public <A, B, C, D, E, F, G> void task(Task7<A, B, C, D, E, F, G> code, A a, B b, C c, D d, E e, F f, G g) {
    code.apply(a, b, c, d, e, f, g);
  }

  @Override
  public <A, B, C, D, E, F, G, H> void task(Task8<A, B, C, D, E, F, G, H> code, A a, B b, C c, D d, E e, F f, G g, H h) {
    code.apply(a, b, c, d, e, f, g, h);
  }

  @Override
  public <A, B, C, D, E, F, G, H, I> void task(Task9<A, B, C, D, E, F, G, H, I> code, A a, B b, C c, D d, E e, F f, G g, H h, I i) {
    code.apply(a, b, c, d, e, f, g, h, i);
  }

  @Override
  public <A, B, C, D, E, F, G, H, I, J> void task(Task10<A, B, C, D, E, F, G, H, I, J> code, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j) {
    code.apply(a, b, c, d, e, f, g, h, i, j);
  }

  @Override
  public <A, B, C, D, E, F, G, H, I, J, K> void task(Task11<A, B, C, D, E, F, G, H, I, J, K> code, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k) {
    code.apply(a, b, c, d, e, f, g, h, i, j, k);
  }

}
