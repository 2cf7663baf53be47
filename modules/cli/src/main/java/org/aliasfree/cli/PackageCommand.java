package org.aliasfree.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aliasfree package}: the program with its own Java, for machines that have none. */
@Command(
    name = "package",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Make a folder or an archive with Java itself and the program, for machines without Java.",
      "It runs on Linux with a processor as here; of a GPU it needs the driver only.",
      "The program must be the built one (./aliasfree), and Java a whole JDK."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree package --dest=aliasfree-linux-x86_64.tar.xz",
      "  aliasfree package --dest=/opt/aliasfree"
    })
final class PackageCommand implements Action {
  private final Console console;

  @Option(
      names = "--dest",
      paramLabel = "DIR|FILE",
      required = true,
      description = {
        "A folder, which must not exist yet, or a file whose name ends in .tar.xz, .tar.gz or .zip."
      })
  private @Nullable String dest;

  PackageCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    Path target = problems.parse("--dest", dest, PackageCommand::target);
    Optional<Archive> archive =
        target == null ? Optional.empty() : Archive.of(target.getFileName().toString());
    if (target != null) {
      checkTarget(target, archive, problems);
    }
    archive.flatMap(Archive::whyNot).ifPresent(problems::failure);
    InstalledProgram program = InstalledProgram.find(problems);
    problems.throwIfAny();
    make(Objects.requireNonNull(target), archive, Objects.requireNonNull(program));
  }

  private static Path target(String text) {
    Path path = OptionValues.path(text).toAbsolutePath().normalize();
    if (text.isBlank() || path.getFileName() == null) {
      throw new AliasFreeException("this names no folder and no file.");
    }
    return path;
  }

  private static void checkTarget(Path target, Optional<Archive> archive, Problems problems) {
    boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (there && (archive.isEmpty() || Files.isDirectory(target))) {
      problems.failure("--dest: " + target + " exists already; remove it, or choose another name.");
    }
  }

  private void make(Path target, Optional<Archive> archive, InstalledProgram program) {
    String name = target.getFileName().toString();
    OutputFolder folder = OutputFolder.open(Objects.requireNonNull(target.getParent()).toString());
    try {
      folder.make(
          name,
          part -> {
            if (archive.isEmpty()) {
              tell(SelfContained.make(program, part, true));
            } else {
              String top = archive.get().stem(name);
              Path contents = Files.createDirectory(part.resolveSibling("contents"));
              tell(SelfContained.make(program, contents.resolve(top), false));
              console.line("Compressing ...");
              archive.get().write(contents, part);
            }
          });
    } catch (RuntimeException | Error e) {
      folder.rollback();
      throw e;
    }
    folder.close();
    if (archive.isPresent()) {
      size("Archive", SelfContained.size(target));
    }
    console.line("Made " + target + "; start " + start(target, archive) + ".");
  }

  private static String start(Path target, Optional<Archive> archive) {
    return archive
        .map(a -> a.stem(target.getFileName().toString()) + "/aliasfree in it")
        .orElse(target.resolve("aliasfree").toString());
  }

  private void tell(SelfContained.Sizes sizes) {
    size("Java", sizes.runtime());
    size("Program", sizes.program());
  }

  private void size(String what, long bytes) {
    console.line("%-8s %9s".formatted(what, DownloadProgress.megabytes(bytes)));
  }
}
