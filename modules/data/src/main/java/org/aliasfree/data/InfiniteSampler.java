package org.aliasfree.data;

import org.aliasfree.AliasFreeException;
import org.aliasfree.random.RandomState;

/**
 * An endless order of items: all of them shuffled, over and over, and each item that was given is
 * exchanged with one within a window before it, so that rounds differ. With NumPy's random numbers
 * the order is that of the original for the same seed.
 *
 * <p>Several replicas take turns: the one of rank r gives each item of the common order whose
 * number leaves r when divided by the number of replicas. Not safe for several threads.
 */
public final class InfiniteSampler {
  /**
   * What decides the order.
   *
   * @param size items, 1 or more
   * @param rank of this replica, from 0
   * @param replicas that share the items, 1 or more
   * @param shuffle whether the order is random at all
   * @param seed of the order, 0 to 2<sup>32</sup> − 1
   * @param window size of the window as a part of all items, 0 to 1; below 2 items nothing is
   *     exchanged, so that all rounds are alike
   */
  public record Settings(
      int size, int rank, int replicas, boolean shuffle, long seed, double window) {
    /** Checks the ranges. */
    public Settings {
      require(size >= 1, "size " + size, "1 or more items");
      require(replicas >= 1, "replicas " + replicas, "1 or more");
      require(rank >= 0 && rank < replicas, "rank " + rank, "0 to " + (replicas - 1));
      require(window >= 0 && window <= 1, "window " + window, "0 to 1");
      require(seed >= 0 && seed <= RandomState.MAX_SEED, "seed " + seed, "0 to 2^32 - 1");
    }

    /** The order that training takes: shuffled, one replica, a window of half the items. */
    public static Settings of(int size, long seed) {
      return new Settings(size, 0, 1, true, seed, 0.5);
    }

    private static void require(boolean holds, String met, String expected) {
      if (!holds) {
        throw new AliasFreeException(
            "A sampler of items cannot have the " + met + "; expected: " + expected + ".");
      }
    }
  }

  private final Settings settings;
  private final int window;
  private RandomState random;
  private int[] order;
  private int at;
  private int turn;
  private long position;

  /** The order from its start. */
  public InfiniteSampler(Settings settings) {
    this.settings = settings;
    window = settings.shuffle() ? (int) Math.rint(settings.size() * settings.window()) : 0;
    random = new RandomState(settings.seed());
    order = start();
  }

  private int[] start() {
    random = new RandomState(settings.seed());
    at = 0;
    turn = 0;
    position = 0;
    if (settings.shuffle()) {
      return random.permutation(settings.size());
    }
    int[] plain = new int[settings.size()];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = i;
    }
    return plain;
  }

  /** What decides the order. */
  public Settings settings() {
    return settings;
  }

  /** The next item, from 0 to size − 1. */
  public int next() {
    while (turn != settings.rank()) {
      step();
    }
    int item = order[at];
    step();
    position++;
    return item;
  }

  /** On to the next item of the common order. */
  private void step() {
    if (window >= 2) {
      int j = at - random.randint(window);
      j += j < 0 ? order.length : 0;
      int swapped = order[at];
      order[at] = order[j];
      order[j] = swapped;
    }
    at = at + 1 == order.length ? 0 : at + 1;
    turn = turn + 1 == settings.replicas() ? 0 : turn + 1;
  }

  /** How many items {@link #next()} has given. */
  public long position() {
    return position;
  }

  /**
   * Goes to where {@link #next()} has given so many items, forwards or back: what follows is what
   * would have followed. With a window all that came before is drawn again, about 40 million items
   * a second.
   */
  public void skipTo(long target) {
    if (target < 0) {
      throw new AliasFreeException(
          "A sampler cannot start at position " + target + "; positions count from 0.");
    }
    if (target < position) {
      order = start();
    }
    if (window < 2) {
      long steps = Math.multiplyExact(target - position, settings.replicas());
      at = (int) ((at + steps % order.length) % order.length);
      position = target;
      return;
    }
    while (position < target) {
      next();
    }
  }
}
