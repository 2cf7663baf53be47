package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.cli.Diagnosis.Finding;
import org.aliasfree.cli.Diagnosis.Notes;
import org.aliasfree.cli.Diagnosis.Section;

/**
 * Looks at everything that decides whether the program works. It is for machines where something
 * does not, so what goes wrong while looking is a line of the report.
 *
 * @param machine what is looked at
 * @param backend opens what is to compute
 */
record Doctor(Machine machine, Supplier<Backend> backend) {
  /** Looks at one matter. */
  @FunctionalInterface
  interface Check {
    /**
     * Notes what there is to know.
     *
     * @throws Exception of any kind, which becomes a line of the report
     */
    void look(Notes notes) throws Exception;
  }

  /**
   * Everything, without secrets.
   *
   * @param told hears of each section when it is known: what comes later may never end
   */
  Diagnosis examine(Consumer<Section> told) {
    SystemCheck system = new SystemCheck(machine);
    InstallationCheck installation = new InstallationCheck(machine);
    SelfTest test = new SelfTest(backend);
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("AliasFree", installation::versions);
    checks.put("Java", new JavaCheck(machine));
    checks.put("System", system::system);
    checks.put("Memory", system::memory);
    checks.put("Backends", installation::backends);
    checks.put("Networks", installation::networks);
    checks.put("Folders", installation::folders);
    checks.put("Environment", installation::environment);
    checks.put("Self-test", test);
    Secrets secrets = new Secrets(machine.property("user.home"));
    List<Section> sections = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    checks.forEach(
        (name, check) -> {
          Section section = Diagnosis.map(look(name, check, findings), secrets::hide);
          sections.add(section);
          told.accept(section);
        });
    return new Diagnosis(sections, Diagnosis.map(findings, secrets::hide), test.computed());
  }

  private static Section look(String name, Check check, List<Finding> findings) {
    Notes notes = new Notes(findings);
    try {
      check.look(notes);
    } catch (AliasFreeException e) {
      failed(name, String.valueOf(e.getMessage()), notes);
    } catch (Throwable e) { // errors too: of libraries, of memory, of services
      failed(name, e.toString(), notes);
    }
    return notes.section(name);
  }

  private static void failed(String name, String why, Notes notes) {
    notes.fact("failed", why);
    notes.finding(name + ": " + why, "Where this is a fault of aliasfree, please report it.");
  }
}
