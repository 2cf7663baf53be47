package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
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

  /** Everything, without secrets. */
  Diagnosis examine() {
    List<Section> sections = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    SystemCheck system = new SystemCheck(machine);
    InstallationCheck installation = new InstallationCheck(machine);
    SelfTest test = new SelfTest(backend);
    look("AliasFree", installation::versions, sections, findings);
    look("Java", new JavaCheck(machine), sections, findings);
    look("System", system::system, sections, findings);
    look("Memory", system::memory, sections, findings);
    look("Backends", installation::backends, sections, findings);
    look("Networks", installation::networks, sections, findings);
    look("Folders", installation::folders, sections, findings);
    look("Environment", installation::environment, sections, findings);
    look("Self-test", test, sections, findings);
    return new Diagnosis(List.copyOf(sections), List.copyOf(findings), test.computed())
        .map(new Secrets(machine.property("user.home"))::hide);
  }

  private static void look(
      String name, Check check, List<Section> sections, List<Finding> findings) {
    Notes notes = new Notes(findings);
    try {
      check.look(notes);
    } catch (AliasFreeException e) {
      failed(name, String.valueOf(e.getMessage()), notes);
    } catch (Throwable e) { // errors too: of libraries, of memory, of services
      failed(name, e.toString(), notes);
    }
    sections.add(notes.section(name));
  }

  private static void failed(String name, String why, Notes notes) {
    notes.fact("failed", why);
    notes.finding(name + ": " + why, "Where this is a fault of aliasfree, please report it.");
  }
}
