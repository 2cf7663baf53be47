package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.aliasfree.tensor.Shape;

/**
 * The choices that make a case: whole numbers, taken one after the other, each read as a number
 * below some bound. 0 is always the simplest choice, and where the numbers end all further ones are
 * 0; so a case becomes simpler when numbers become smaller or fewer, whoever makes them smaller.
 */
public final class Choices {
  /** More numbers than any case takes. */
  public static final int ENOUGH = 96;

  private final List<Integer> numbers;
  private final List<Integer> taken = new ArrayList<>();
  private int next;

  /** The choices that these numbers, 0 or more, make. */
  public Choices(List<Integer> numbers) {
    this.numbers = List.copyOf(numbers);
  }

  /** Numbers for one case. */
  public static List<Integer> random(Random random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < ENOUGH; i++) {
      numbers.add(random.nextInt(Integer.MAX_VALUE));
    }
    return numbers;
  }

  /** 0 … n − 1. */
  int below(int n) {
    int choice = next < numbers.size() ? numbers.get(next++) % n : 0;
    taken.add(choice);
    return choice;
  }

  /** The choices made so far, which as numbers make the same choices again. */
  List<Integer> taken() {
    return List.copyOf(taken);
  }

  /** {@code least} … {@code least + count − 1}. */
  int from(int least, int count) {
    return least + below(count);
  }

  /** A number in a range that has 0 in it, or else is simplest at its start. */
  int between(int least, int most) {
    int simplest = Math.max(least, Math.min(0, most));
    int i = below(most - least + 1);
    return simplest + i <= most ? simplest + i : least + i - (most - simplest + 1);
  }

  /** One of these; the first is the simplest. */
  @SafeVarargs
  final <T> T of(T... values) {
    return values[below(values.length)];
  }

  /** False, or true. */
  boolean coin() {
    return below(2) == 1;
  }

  /** A multiple of 1/8 from {@code least} on, below {@code least + 4}. */
  double number(double least) {
    return least + below(32) / 8.0;
  }

  /** Size of an axis: 1, small, or large. */
  long size(int most) {
    return switch (below(8)) {
      case 0, 1, 2 -> from(1, 9);
      case 3 -> 1;
      default -> large(most);
    };
  }

  /**
   * Size of an axis around a power of two, or larger than the tiles of any kernel, up to {@code
   * most}.
   */
  long large(int most) {
    int size = coin() ? 65 + below(80) : of(16, 17, 15, 31, 32, 33, 63, 64, 65) + below(3);
    return size <= most ? size : most - size % (most / 2);
  }

  /** A shape of at most {@code rank} axes, at most one of which is large. */
  Shape shape(int rank) {
    return shape(rank, 1 + below(rank));
  }

  /** A shape of {@code rank} axes. */
  Shape shapeOf(int rank) {
    return shape(rank, rank);
  }

  private Shape shape(int most, int rank) {
    long[] sizes = new long[rank];
    int large = below(rank);
    for (int i = 0; i < rank; i++) {
      sizes[i] = i == large ? size(150) : 1 + below(most < 4 ? 7 : 4);
    }
    return Shape.of(sizes);
  }

  /** A shape that broadcasts to another. */
  Shape part(Shape whole) {
    long[] s = whole.toArray();
    for (int i = 0; i < s.length; i++) {
      s[i] = below(4) == 1 ? 1 : s[i];
    }
    int missing = below(4) == 1 ? below(s.length + 1) : 0;
    return Shape.of(java.util.Arrays.copyOfRange(s, missing, s.length));
  }
}
