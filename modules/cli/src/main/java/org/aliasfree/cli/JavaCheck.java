package org.aliasfree.cli;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.aliasfree.cli.Diagnosis.Notes;

/**
 * The JVM, and whether it compiles vectors.
 *
 * @param machine what is looked at
 */
record JavaCheck(Machine machine) implements Doctor.Check {
  private static final String FOR_METHODS = "-XX:CompileCommand=";
  private static final String WITHOUT_VECTORS = "cpu-vector runs plain loops, several times slower";

  @Override
  public void look(Notes notes) {
    String mode = machine.property("java.vm.info");
    notes.fact("version", machine.property("java.runtime.version"));
    notes.fact("vendor", machine.property("java.vendor"));
    notes.fact("vm", machine.property("java.vm.name") + ", " + mode);
    notes.fact("home", machine.property("java.home"));
    notes.fact(
        "collectors",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .toList());
    notes.fact("options", machine.javaOptions(), options());
    boolean interpreted = mode.toLowerCase(Locale.ROOT).contains("interpreted");
    boolean withoutC2 = mode.toLowerCase(Locale.ROOT).contains("emulated-client");
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    notes.fact("optimising compiler", !interpreted && !withoutC2);
    notes.fact("vector module", vectors);
    if (interpreted) {
      notes.finding(
          "The JVM only interprets (" + mode + "): all is a hundred times slower.",
          "Start Java without -Xint; look at the options above and in the environment.");
    }
    if (withoutC2) {
      notes.finding(
          "The optimising compiler C2 is off (" + mode + "); " + WITHOUT_VECTORS + ".",
          "Start Java without -XX:TieredStopAtLevel and -XX:+NeverActAsServerClassMachine.");
    }
    if (!vectors) {
      notes.finding(
          "The module jdk.incubator.vector is absent; " + WITHOUT_VECTORS + ".",
          "Start Java with --add-modules jdk.incubator.vector, or with ./aliasfree.");
    }
    if (machine.property("aliasfree.vector").equalsIgnoreCase("off")) {
      notes.finding(
          "Vectors are switched off; " + WITHOUT_VECTORS + ".",
          "Start Java without -Daliasfree.vector=off.");
    }
  }

  /** Those for single methods, of which the launcher gives many, are only counted. */
  private String options() {
    List<String> said =
        machine.javaOptions().stream().filter(o -> !o.startsWith(FOR_METHODS)).toList();
    int others = machine.javaOptions().size() - said.size();
    String text = said.isEmpty() ? "none" : String.join(" ", said);
    return others == 0 ? text : text + ", and " + others + " times " + FOR_METHODS + "…";
  }
}
