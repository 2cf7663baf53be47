package org.aliasfree.cli;

/**
 * A shift of a picture in picture widths, and a rotation about its middle.
 *
 * @param x to the right
 * @param y downwards
 * @param degrees of the rotation
 */
record Movement(double x, double y, double degrees) {
  /** The picture as it is. */
  static final Movement NONE = new Movement(0, 0, 0);
}
