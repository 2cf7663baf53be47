package org.aliasfree.training;

import org.aliasfree.tensor.HostTensor;

/**
 * Adapts how strongly images are augmented (Karras et al. 2020, ADA): up while the discriminator is
 * too sure that real images are real, down while it is not. Not for several threads at once.
 */
public final class AdaController {
  private final double target;
  private final int interval;
  private final double step;
  private double p;
  private double sum;
  private long count;
  private double mean;

  /**
   * A controller.
   *
   * @param target wanted mean of the signs of the real images' logits, 0 to 1
   * @param interval iterations between two changes
   * @param kimg thousands of images in which p may go from 0 to 1
   * @param batchSize images of an iteration
   * @param p overall strength to begin with, at least 0
   */
  public AdaController(double target, int interval, double kimg, int batchSize, double p) {
    Checks.range("ada_target", target, 0, 1);
    Checks.atLeast("ada_interval", interval, 1);
    Checks.atLeast("ada_kimg", kimg, 1e-6);
    Checks.atLeast("augment_p", p, 0);
    this.target = target;
    this.interval = interval;
    this.p = p;
    step = batchSize * (double) interval / (kimg * 1000);
  }

  /** The overall strength now. */
  public double p() {
    return p;
  }

  /** Takes in the logits of real images, or their signs: of every device and phase. */
  public void report(HostTensor logits) {
    for (long i = 0; i < logits.type().elements(); i++) {
      sum += Math.signum(logits.get(i));
      count++;
    }
  }

  /**
   * Ends an iteration, and changes p where it is time. Without reports since the last change the
   * mean of then holds.
   *
   * @param batchIdx how many iterations have been done, this one included
   * @return p from now on
   */
  public double endIteration(long batchIdx) {
    if (batchIdx % interval == 0) {
      if (count > 0) {
        mean = sum / count;
      }
      sum = 0;
      count = 0;
      p = Math.max(p + Math.signum(mean - target) * step, 0);
    }
    return p;
  }

  /**
   * All that changes while a controller is at work.
   *
   * @param p overall strength
   * @param sum of the signs since the last change
   * @param count how many these are
   * @param mean of the signs up to the last change
   */
  public record State(double p, double sum, long count, double mean) {}

  /** Where it stands. */
  public State state() {
    return new State(p, sum, count, mean);
  }

  /** Goes on from where another one stood. */
  public void restore(State state) {
    p = state.p;
    sum = state.sum;
    count = state.count;
    mean = state.mean;
  }
}
