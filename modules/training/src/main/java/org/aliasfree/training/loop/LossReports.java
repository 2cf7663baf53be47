package org.aliasfree.training.loop;

import java.util.Optional;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.training.AdaController;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.report.StatisticsCollector;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the phases compute into the official statistics, and tells ADA of the signs of real
 * images.
 */
final class LossReports implements PhaseResults {
  private static final String MAIN_REAL = "Dmain.real";

  private final StatisticsCollector statistics;
  private final Optional<AdaController> ada;
  private @Nullable HostTensor fakeLoss;
  private @Nullable String spoilt;

  LossReports(StatisticsCollector statistics, Optional<AdaController> ada) {
    this.statistics = statistics;
    this.ada = ada;
  }

  @Override
  public void computed(TrainingPhase phase, int round, String entry, Outputs outputs) {
    HostTensor loss = outputs.get(TrainingProgram.LOSS);
    if (spoilt == null && !NonFinite.isFinite(loss)) {
      spoilt = entry;
    }
    switch (entry) {
      case "Gmain" -> {
        scores("fake", outputs);
        statistics.report("Loss/G/loss", loss);
      }
      case "Greg" -> {
        statistics.report("Loss/pl_penalty", outputs.get(TrainingProgram.PENALTY));
        statistics.report("Loss/G/reg", loss);
      }
      case "Dmain.fake" -> {
        scores("fake", outputs);
        fakeLoss = loss;
      }
      case MAIN_REAL -> {
        scores("real", outputs);
        statistics.report("Loss/D/loss", fakeLoss == null ? loss : sum(fakeLoss, loss));
      }
      case "Dreg" -> {
        if (!phase.accumulate().contains(MAIN_REAL)) {
          scores("real", outputs); // else these images have been counted
        }
        statistics.report("Loss/r1_penalty", outputs.get(TrainingProgram.PENALTY));
        statistics.report("Loss/D/reg", loss);
      }
      default -> throw new IllegalStateException(entry);
    }
  }

  /** A graph whose loss was not finite, since this was last asked. */
  Optional<String> takeSpoilt() {
    Optional<String> entry = Optional.ofNullable(spoilt);
    spoilt = null;
    return entry;
  }

  private void scores(String what, Outputs outputs) {
    HostTensor scores = outputs.get(TrainingProgram.SCORES);
    HostTensor signs = HostTensor.allocate(scores.type());
    for (long i = 0; i < scores.type().elements(); i++) {
      signs.set(i, Math.signum(scores.get(i)));
    }
    statistics.report("Loss/scores/" + what, scores);
    statistics.report("Loss/signs/" + what, signs);
    if (what.equals("real")) {
      ada.ifPresent(controller -> controller.report(signs));
    }
  }

  private static HostTensor sum(HostTensor a, HostTensor b) {
    HostTensor sum = HostTensor.allocate(a.type().withDType(DType.F32));
    for (long i = 0; i < a.type().elements(); i++) {
      sum.set(i, a.get(i) + b.get(i));
    }
    return sum;
  }
}
