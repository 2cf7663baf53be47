package org.aliasfree.backend.tornado;

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

/**
 * Takes the tasks of a graph, one after the other: a method and its arguments. Arrays are those of
 * {@link Place}s, or small ones that never change; numbers are compiled into the code, so what
 * differs from task to task had better be in an array, as equal code is compiled once by the
 * driver.
 *
 * <p>A task may read an array by several arguments, but write it by one only, which comes after
 * those: TornadoVM takes a task that writes an array and then names it again to depend on itself,
 * and never ends.
 *
 * <p>TornadoVM finds the method by the byte code of the method reference, so that must be handed on
 * as it is.
 */
interface Tasks {
  /** The next task runs over this grid; its code takes the context as its first argument. */
  KernelContext over(Grid grid);

  /** Adds a task of 3 arguments. */
  <A, B, C> void task(Task3<A, B, C> code, A a, B b, C c);

  /** Adds a task of 4 arguments. */
  <A, B, C, D> void task(Task4<A, B, C, D> code, A a, B b, C c, D d);

  /** Adds a task of 5 arguments. */
  <A, B, C, D, E> void task(Task5<A, B, C, D, E> code, A a, B b, C c, D d, E e);

  /** Adds a task of 6 arguments. */
  <A, B, C, D, E, F> void task(Task6<A, B, C, D, E, F> code, A a, B b, C c, D d, E e, F f);

  /** Adds a task of 7 arguments. */
  <A, B, C, D, E, F, G> void task(
      Task7<A, B, C, D, E, F, G> code, A a, B b, C c, D d, E e, F f, G g);

  /** Adds a task of 8 arguments. */
  <A, B, C, D, E, F, G, H> void task(
      Task8<A, B, C, D, E, F, G, H> code, A a, B b, C c, D d, E e, F f, G g, H h);

  /** Adds a task of 9 arguments. */
  <A, B, C, D, E, F, G, H, I> void task(
      Task9<A, B, C, D, E, F, G, H, I> code, A a, B b, C c, D d, E e, F f, G g, H h, I i);

  /** Adds a task of 10 arguments. */
  <A, B, C, D, E, F, G, H, I, J> void task(
      Task10<A, B, C, D, E, F, G, H, I, J> code, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j);

  /** Adds a task of 11 arguments. */
  <A, B, C, D, E, F, G, H, I, J, K> void task(
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
      K k);
}
