package org.aliasfree.conformance;

import org.aliasfree.tensor.DType;

/** How each rule is checked. */
public final class RuleChecks {
  private final Subject subject;
  private final Trials trials;
  private final Settings settings;

  /** Checks of a backend. */
  public RuleChecks(Subject subject, Settings settings) {
    this.subject = subject;
    this.settings = settings;
    trials = new Trials(subject);
  }

  /**
   * Checks a rule.
   *
   * @throws Violation if the backend breaks it
   * @throws Skipped if it does not apply, with the reason
   */
  public void check(Rule rule) {
    StateChecks state = new StateChecks(subject);
    ErrorChecks errors = new ErrorChecks(subject);
    ProviderChecks provider = new ProviderChecks(subject);
    switch (rule) {
      case OP_1, OP_2, OP_3, OP_4, LAW_1, LAW_2, DET_1, DET_2, DET_3 -> cases(rule, DType.F32);
      case LAW_4 -> cases(rule, DType.F64);
      case LAW_3 -> new ShiftLaw(subject).check();
      case MEM_1, MEM_2 -> watched(rule);
      case MEM_3 -> state.variablesBeginAsZero();
      case MEM_4 -> state.executingAgainKeepsNothing();
      case RES_1 -> state.closingGivesAllMemoryBack();
      case RES_2 -> state.whatWasClosedRefusesWork();
      case ERR_1 -> state.failingAllocationsLeaveTheBackendUsable();
      case ERR_2 -> errors.wrongBindingsAreRefused();
      case ERR_3 -> errors.runsThatAreNotReadyAreRefused();
      case ERR_4 -> errors.indicesOutOfRangeReachNoOtherMemory();
      case ERR_5 -> errors.foreignStoresAndVariablesAreRefused();
      case VAR_1 -> state.variablesAreAssignedWhenTheRunEnds();
      case VAR_2 -> state.writesShowInEveryPlan();
      case VAR_3 -> state.outputsStayThoseOfTheLastExecution();
      case CON_1, CON_2 -> concurrent(rule);
      case NET_1 -> new NetworkChecks(subject).images();
      case NET_2 -> new NetworkChecks(subject).steps();
      case SPI_1 -> provider.theProviderTellsAboutItself();
      case SPI_2 -> provider.unknownDevicesAreRefused();
      case SPI_3 -> provider.theCoreIsNativeAndPlansTellTheirSteps();
    }
  }

  private void cases(Rule rule, DType type) {
    trials.require(type);
    for (String op : CaseGenerators.names()) {
      trials.random(rule, op, type, settings);
    }
  }

  /** Fences and rubbish need memory that the host can reach. */
  private void watched(Rule rule) {
    if (!subject.allocator().isHostMemory()) {
      throw new Skipped(
          subject.backend().id()
              + " says that the host cannot reach its memory, so nothing can be"
              + " put around it or into it.");
    }
    cases(rule, DType.F32);
  }

  private void concurrent(Rule rule) {
    ConcurrencyChecks checks = new ConcurrencyChecks(subject);
    try {
      if (rule == Rule.CON_1) {
        checks.runsOfOnePlan();
      } else {
        checks.plansOfOneStore();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Skipped("the thread was interrupted.");
    }
  }
}
