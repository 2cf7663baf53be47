import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes index.json from the index of the complete golden set: keeps the cases whose file lies in this folder. Run from the
 * repository root after adding or removing golden files: {@code java goldens/SelectCases.java /path/to/complete/index.json}.
 */
public final class SelectCases {
  private static final Pattern CASE =
      Pattern.compile("^\\s*(\\{\"file\": \"([^\"]+)\".*?\"bytes\": (\\d+).*\\}),?$");

  private SelectCases() {}

  public static void main(String[] args) throws IOException {
    Path goldens = Path.of("goldens");
    if (args.length != 1 || !Files.isDirectory(goldens)) {
      System.err.println(
          "Give the index.json of the complete golden set as the one argument, in the repository root.");
      System.exit(2);
    }
    List<String> head = new ArrayList<>();
    List<String> cases = new ArrayList<>();
    long bytes = 0;
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      Matcher m = CASE.matcher(line);
      if (m.matches()) {
        if (Files.exists(goldens.resolve(m.group(2)))) {
          cases.add("  " + m.group(1));
          bytes += Long.parseLong(m.group(3));
        }
      } else if (cases.isEmpty() && !line.contains("\"cases\"")) {
        head.add(line);
      }
    }
    long total = bytes;
    head.replaceAll(l -> l.replaceFirst("(\"total_bytes\": )\\d+", "$1" + total));
    Files.writeString(
        goldens.resolve("index.json"),
        String.join("\n", head) + "\n \"cases\": [\n" + String.join(",\n", cases) + "\n ]\n}\n");
    System.out.println(cases.size() + " cases, " + bytes + " bytes.");
  }
}
