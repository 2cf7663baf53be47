package org.aliasfree.onnx;

/** How many rows and columns are added at the sides of an image; negative: removed. */
record Sides(long top, long left, long bottom, long right) {
  /** What is added, nothing where something is removed. */
  Sides positive() {
    return new Sides(Math.max(top, 0), Math.max(left, 0), Math.max(bottom, 0), Math.max(right, 0));
  }

  /** What is removed. */
  Sides negative() {
    return negated().positive().negated();
  }

  Sides negated() {
    return new Sides(-top, -left, -bottom, -right);
  }

  boolean isEmpty() {
    return top == 0 && left == 0 && bottom == 0 && right == 0;
  }

  /** As convolutions take them. */
  Attribute toAttribute() {
    return Attribute.ints("pads", top, left, bottom, right);
  }
}
