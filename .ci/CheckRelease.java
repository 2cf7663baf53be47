import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks a folder that the artifacts were deployed to against what Maven Central demands
 * (https://central.sonatype.org/publish/requirements): java CheckRelease.java FOLDER signed|unsigned
 */
class CheckRelease {
  private static final List<String> DEMANDED =
      List.of("name", "description", "url", "licenses", "developers", "scm");

  private final List<String> problems = new ArrayList<>();
  private final Path root;
  private final boolean signed;
  private int files;

  private CheckRelease(Path folder, boolean signed) {
    root = folder.resolve("org/aliasfree");
    this.signed = signed;
  }

  public static void main(String[] args) throws Exception {
    CheckRelease check = new CheckRelease(Path.of(args[0]), args[1].equals("signed"));
    Set<String> artifacts = check.artifacts();
    for (String artifact : artifacts) {
      check.artifact(artifact);
    }
    check.listOfTheBom(artifacts);
    if (!check.problems.isEmpty()) {
      check.problems.forEach(System.err::println);
      System.exit(1);
    }
    System.out.println(
        artifacts.size() + " artifacts of " + check.files + " files have what Maven Central demands"
            + (check.signed ? "." : ", but signatures: gpg is not installed here."));
  }

  private Set<String> artifacts() throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return new TreeSet<>(folders.map(folder -> folder.getFileName().toString()).toList());
    }
  }

  private Path folder(String artifact) throws IOException {
    try (Stream<Path> versions = Files.list(root.resolve(artifact)).filter(Files::isDirectory)) {
      return versions.findFirst().orElseThrow();
    }
  }

  private void artifact(String name) throws Exception {
    Path folder = folder(name);
    Element pom = pom(folder);
    for (String element : DEMANDED) {
      if (!has(pom, element) && !has(parentOf(pom), element)) {
        problems.add(name + ": the pom has no <" + element + ">");
      }
    }
    List<String> endings = new ArrayList<>(List.of(".pom"));
    if (!"pom".equals(text(pom, "packaging"))) {
      endings.addAll(List.of(".jar", "-sources.jar", "-javadoc.jar"));
    }
    for (String ending : endings) {
      Path file = only(folder, ending);
      if (file == null || Files.size(file) == 0) {
        problems.add(name + ": there is no " + name + "-VERSION" + ending);
        continue;
      }
      files++;
      checksum(file, "md5", "MD5");
      checksum(file, "sha1", "SHA-1");
      if (signed && !Files.exists(Path.of(file + ".asc"))) {
        problems.add(file + " is not signed");
      } else if (signed && run("gpg", "--batch", "--verify", file + ".asc", file.toString()) != 0) {
        problems.add(file + ": the signature is wrong");
      }
    }
  }

  /** The file of an ending that no longer ending has too. */
  private static Path only(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(ending))
          .filter(file -> !ending.equals(".jar") || !file.toString().matches(".*-(sources|javadoc)\\.jar"))
          .findFirst()
          .orElse(null);
    }
  }

  private void checksum(Path file, String ending, String algorithm) throws Exception {
    Path sum = Path.of(file + "." + ending);
    String made = HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
    if (!Files.exists(sum) || !Files.readString(sum).strip().equals(made)) {
      problems.add(file + ": its " + ending + " is absent or wrong");
    }
  }

  /** Applications take versions from the bom: it must list all that they can depend on. */
  private void listOfTheBom(Set<String> artifacts) throws Exception {
    Set<String> listed = new TreeSet<>(Set.of("aliasfree-bom", "aliasfree-parent"));
    var dependencies = pom(folder("aliasfree-bom")).getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      listed.add(text((Element) dependencies.item(i), "artifactId"));
    }
    if (!listed.equals(artifacts)) {
      problems.add("The bom lists " + listed + ", but these are deployed: " + artifacts);
    }
  }

  private static Element pom(Path folder) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(only(folder, ".pom").toFile())
        .getDocumentElement();
  }

  private Element parentOf(Element pom) throws Exception {
    return has(pom, "parent") ? pom(folder("aliasfree-parent")) : pom;
  }

  private static boolean has(Element pom, String name) {
    return !text(pom, name).isBlank();
  }

  /** The text in a child element, of all that is in it; empty where there is none. */
  private static String text(Element parent, String name) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeName().equals(name)) {
        return child.getTextContent();
      }
    }
    return "";
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
