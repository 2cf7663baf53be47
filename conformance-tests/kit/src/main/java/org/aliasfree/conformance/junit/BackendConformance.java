package org.aliasfree.conformance.junit;

import org.aliasfree.backend.Availability;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.Case;
import org.aliasfree.conformance.Rule;
import org.aliasfree.conformance.RuleChecks;
import org.aliasfree.conformance.Settings;
import org.aliasfree.conformance.Skipped;
import org.aliasfree.conformance.Subject;
import org.aliasfree.conformance.Trials;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every backend must do. The author of a backend writes one class that extends this one and
 * makes the provider; JUnit 5 runs the rules about state, and jqwik those about ops. {@code
 * docs/backend-spi.md} explains each rule and the system properties:
 *
 * <ul>
 *   <li>{@code conformance.tries}: random cases of each op;
 *   <li>{@code conformance.seed}: another seed gives other cases;
 *   <li>{@code conformance.case}: one line that a failure printed, to run that case alone.
 * </ul>
 */
public abstract class BackendConformance extends OpProperties {
  /** For subclasses, which JUnit makes. */
  protected BackendConformance() {}

  /** The provider of the backend under test; called anew for each test. */
  @Override
  protected abstract BackendProvider provider();

  private Subject open() {
    BackendProvider provider = provider();
    if (provider.probe() instanceof Availability.Unavailable u) {
      Assumptions.abort(provider.id() + " cannot be used here: " + u.reason());
    }
    return new Subject(provider);
  }

  private void check(Rule rule) {
    try (Subject subject = open()) {
      new RuleChecks(subject, Settings.ofSystemProperties()).check(rule);
    } catch (Skipped s) {
      Assumptions.abort(s.getMessage());
    }
  }

  @Test
  @ForRule({})
  void theCaseThatWasAskedFor() {
    String line = System.getProperty("conformance.case", "");
    Assumptions.assumeFalse(line.isEmpty(), "the system property conformance.case names no case");
    try (Subject subject = open()) {
      new Trials(subject).all(Case.parse(line));
    } catch (Skipped s) {
      Assumptions.abort(s.getMessage());
    }
  }

  @Test
  @ForRule(Rule.LAW_3)
  void filtersShiftWithTheirInput() {
    check(Rule.LAW_3);
  }

  @Test
  @ForRule(Rule.MEM_3)
  void variablesBeginAsZero() {
    check(Rule.MEM_3);
  }

  @Test
  @ForRule(Rule.MEM_4)
  void executingAgainKeepsNoMemory() {
    check(Rule.MEM_4);
  }

  @Test
  @ForRule(Rule.RES_1)
  void closingGivesAllMemoryBack() {
    check(Rule.RES_1);
  }

  @Test
  @ForRule(Rule.RES_2)
  void whatWasClosedRefusesWork() {
    check(Rule.RES_2);
  }

  @Test
  @ForRule(Rule.ERR_1)
  void failingAllocationsLeaveTheBackendUsable() {
    check(Rule.ERR_1);
  }

  @Test
  @ForRule(Rule.ERR_2)
  void wrongBindingsAreRefused() {
    check(Rule.ERR_2);
  }

  @Test
  @ForRule(Rule.ERR_3)
  void runsThatAreNotReadyAreRefused() {
    check(Rule.ERR_3);
  }

  @Test
  @ForRule(Rule.ERR_4)
  void indicesOutOfRangeReachNoOtherMemory() {
    check(Rule.ERR_4);
  }

  @Test
  @ForRule(Rule.ERR_5)
  void foreignStoresAndVariablesAreRefused() {
    check(Rule.ERR_5);
  }

  @Test
  @ForRule(Rule.VAR_1)
  void variablesAreAssignedWhenTheRunEnds() {
    check(Rule.VAR_1);
  }

  @Test
  @ForRule(Rule.VAR_2)
  void writesShowInEveryPlan() {
    check(Rule.VAR_2);
  }

  @Test
  @ForRule(Rule.VAR_3)
  void outputsStayThoseOfTheLastExecution() {
    check(Rule.VAR_3);
  }

  @Test
  @ForRule(Rule.CON_1)
  void runsOfOnePlanDoNotDisturbEachOther() {
    check(Rule.CON_1);
  }

  @Test
  @ForRule(Rule.CON_2)
  void plansOfOneStoreDoNotDisturbEachOther() {
    check(Rule.CON_2);
  }

  @Test
  @ForRule(Rule.NET_1)
  void wholeNetworksGiveTheReferencesImages() {
    check(Rule.NET_1);
  }

  @Test
  @ForRule(Rule.NET_2)
  void aTrainingStepGivesTheReferencesWeights() {
    check(Rule.NET_2);
  }

  @Test
  @ForRule(Rule.SPI_1)
  void theProviderTellsAboutItself() {
    check(Rule.SPI_1);
  }

  @Test
  @ForRule(Rule.SPI_2)
  void unknownDevicesAreRefused() {
    check(Rule.SPI_2);
  }

  @Test
  @ForRule(Rule.SPI_3)
  void theCoreIsNativeAndPlansTellTheirSteps() {
    check(Rule.SPI_3);
  }
}
