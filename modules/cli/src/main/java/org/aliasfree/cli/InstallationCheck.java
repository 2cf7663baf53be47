package org.aliasfree.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.aliasfree.backend.Availability.Available;
import org.aliasfree.backend.Availability.Unavailable;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.cli.Diagnosis.Notes;
import org.aliasfree.networks.NetworkStoreOptions;

/**
 * What is installed, and where it works.
 *
 * @param machine what is looked at
 */
record InstallationCheck(Machine machine) {
  private static final String OWN = "org.aliasfree.";
  private static final long LITTLE = 1L << 30;

  void versions(Notes notes) {
    notes.fact("version", Main.Version.number());
    List<ModuleDescriptor> modules =
        ModuleLayer.boot().modules().stream()
            .map(Module::getDescriptor)
            .filter(module -> !module.name().matches("(java|jdk)\\..*"))
            .sorted()
            .toList();
    if (modules.isEmpty()) {
      notes.fact("modules", "none: started from the class path");
    }
    names("modules", modules.stream().filter(InstallationCheck::isOwn).toList(), notes);
    names("libraries", modules.stream().filter(module -> !isOwn(module)).toList(), notes);
  }

  private static boolean isOwn(ModuleDescriptor module) {
    return module.name().startsWith(OWN);
  }

  /** In the text, versions of own modules are only told where they differ from the program's. */
  private static void names(String name, List<ModuleDescriptor> modules, Notes notes) {
    if (modules.isEmpty()) {
      return;
    }
    List<String> names =
        modules.stream()
            .map(module -> module.name() + module.rawVersion().map(v -> " " + v).orElse(""))
            .toList();
    String usual = " " + Main.Version.number();
    notes.fact(
        name,
        names,
        String.join(
            ", ",
            names.stream()
                .map(n -> n.startsWith(OWN) ? n.substring(OWN.length()).replace(usual, "") : n)
                .toList()));
  }

  void backends(Notes notes) {
    boolean any = false;
    for (Backends.Found found : machine.backends().get()) {
      String id = found.provider().id();
      switch (found.availability()) {
        case Available a -> {
          any = true;
          notes.fact(id, "score " + a.score() + ": " + a.note());
          a.devices().stream()
              .filter(device -> a.devices().size() > 1)
              .forEach(device -> notes.fact(id + ":" + device.index(), device.description()));
        }
        case Unavailable u -> notes.fact(id, "cannot be used: " + u.reason());
      }
    }
    if (!any) {
      notes.finding(
          "No backend can be used.",
          "Add the artifact aliasfree-backend-cpu-vector, which runs anywhere.");
    }
  }

  void networks(Notes notes) {
    List<BundledNetwork> bundled = BundledNetworks.list();
    notes.fact("bundled", bundled.stream().map(BundledNetwork::name).toList());
    if (bundled.isEmpty()) {
      notes.finding(
          "No network comes with this installation; each command needs --network.",
          "Add the artifact aliasfree-network-portraits.");
    }
    NetworkStoreOptions options = NetworkStoreOptions.fromEnvironment();
    notes.fact("downloads allowed", !options.offline());
    long[] files = {0, 0};
    if (Files.isDirectory(options.folder())) {
      try (Stream<Path> found = Files.walk(options.folder())) {
        found
            .map(Path::toFile)
            .filter(File::isFile)
            .forEach(
                file -> {
                  files[0]++;
                  files[1] += file.length();
                });
      } catch (IOException | UncheckedIOException e) {
        notes.fact("downloads cannot be listed", e.toString());
      }
    }
    notes.fact("files downloaded", files[0]);
    notes.bytes("size downloaded", files[1]);
  }

  void folders(Notes notes) throws IOException {
    folder(
        "downloads",
        NetworkStoreOptions.fromEnvironment().folder(),
        "Make it writable, or choose another by ALIASFREE_CACHE.",
        notes);
    folder(
        "temporary",
        Path.of(machine.property("java.io.tmpdir")),
        "Make it writable, or choose another: ALIASFREE_OPTS=-Djava.io.tmpdir=FOLDER.",
        notes);
    folder(
        "current",
        Path.of(machine.property("user.dir")),
        "Only options such as --outdir with a path elsewhere will work.",
        notes);
  }

  /** A folder that does not exist yet is judged by the one that it will be made in. */
  private static void folder(String name, Path folder, String remedy, Notes notes)
      throws IOException {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    boolean usable = Files.isDirectory(there) && Files.isWritable(there);
    notes.fact(name, folder.toString());
    notes.fact(name + " exists", Files.isDirectory(folder));
    notes.fact(name + " writable", usable);
    long free = Files.getFileStore(there).getUsableSpace();
    notes.bytes(name + " free", free);
    if (!usable) {
      notes.finding("The folder " + folder + " cannot be written.", remedy);
    } else if (free < LITTLE) {
      notes.finding(
          "The disk of " + folder + " has " + Diagnosis.size(free) + " left.",
          "Make room: networks have up to 0.4 GB.");
    }
  }

  void environment(Notes notes) {
    TreeMap<String, String> variables = new TreeMap<>(machine.environment());
    variables.keySet().removeIf(name -> !EnvironmentVariable.matters(name));
    variables.forEach((name, value) -> notes.fact(name, Secrets.value(name, value)));
    boolean proxy =
        variables.keySet().stream().anyMatch(n -> n.matches("(?i)https?_proxy|all_proxy"));
    if (proxy
        && machine.property("https.proxyHost").isEmpty()
        && !machine.property("java.net.useSystemProxies").equals("true")) {
      notes.finding(
          "A proxy is set in the environment, but Java does not read that: downloads go without it.",
          "Tell Java: ALIASFREE_OPTS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'.");
    }
  }
}
