package org.aliasfree.backend.cpu.reference;

/** The scratch memory of a thread: none is needed. */
enum NoScratch {
  /** The only value. */
  NONE
}
