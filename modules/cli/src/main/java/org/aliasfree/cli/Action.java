package org.aliasfree.cli;

/** What a command does once its words are known. */
@FunctionalInterface
interface Action {
  /**
   * Does it.
   *
   * @param problems what is wrong with the words so far; the command adds what it finds and ends
   *     with all of it before it does anything
   */
  void run(Problems problems);
}
