package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.aliasfree.cli.Completion.Files;
import org.aliasfree.cli.Completion.Flag;
import org.aliasfree.cli.Completion.Value;

/** A zsh script that completes the command line, with descriptions. */
final class ZshCompletion {
  private static final String FUNCTION = "_aliasfree";

  private final List<String> lines = new ArrayList<>();
  private final Map<List<Object>, String> values = new LinkedHashMap<>();

  private ZshCompletion() {}

  /**
   * The script. It serves as a file {@code _aliasfree} in the function path and as commands to
   * read.
   */
  static String of(Completion root) {
    ZshCompletion script = new ZshCompletion();
    script.lines.add("#compdef aliasfree");
    script.lines.add("# zsh completion of aliasfree; made by: aliasfree completion zsh");
    root.all().forEach(script::function);
    script.values.forEach(script::valueFunction);
    script.lines.addAll(
        List.of(
            "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then",
            "  _aliasfree \"$@\"",
            "else",
            "  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }",
            "  compdef _aliasfree aliasfree",
            "fi"));
    return String.join("\n", script.lines) + "\n";
  }

  private static String name(Completion command) {
    return FUNCTION + command.path().stream().map(word -> "_" + word).collect(Collectors.joining());
  }

  private void function(Completion command) {
    lines.add(name(command) + "() {");
    List<String> specs = new ArrayList<>();
    command.options().forEach(option -> specs.addAll(option(option)));
    if (command.commands().isEmpty()) {
      int place = 1;
      for (Value value : command.arguments()) {
        specs.add(quoted((value.many() ? "*" : place++ + ":") + argument(value)));
      }
      lines.add("  _arguments -s \\\n    " + String.join(" \\\n    ", specs));
    } else {
      specs.add("'1: :->command'");
      specs.add("'*:: :->arguments'");
      lines.add("  local state line ret=1");
      lines.add("  local -A opt_args");
      lines.add("  _arguments -s -C \\\n    " + String.join(" \\\n    ", specs) + " && ret=0");
      dispatch(command);
    }
    lines.add("}");
  }

  private void dispatch(Completion command) {
    lines.add("  case $state in");
    lines.add("    command)");
    lines.add("      local -a commands=(");
    for (Completion below : command.commands()) {
      lines.add("        " + quoted(below.path().getLast() + ":" + below.description()));
    }
    lines.add("      )");
    lines.add("      _describe -t commands command commands && ret=0 ;;");
    lines.add("    arguments)");
    lines.add("      case $line[1] in");
    for (Completion below : command.commands()) {
      lines.add("        " + below.path().getLast() + ") " + name(below) + " && ret=0 ;;");
    }
    lines.add("      esac ;;");
    lines.add("  esac");
    lines.add("  return ret");
  }

  /** One specification for each name. */
  private List<String> option(Flag option) {
    String others = option.repeatable() ? "*" : "(" + String.join(" ", option.names()) + ")";
    String value =
        option.values().isEmpty()
            ? ""
            : (option.optional() ? ":" : "") + argument(option.values().getFirst());
    return option.names().stream()
        .map(
            name -> {
              String equals =
                  value.isEmpty()
                      ? ""
                      : option.optional() ? "=-" : name.startsWith("--") ? "=" : "";
              return quoted(
                  others
                      + name
                      + equals
                      + "["
                      + option.description().replace("]", "\\]")
                      + "]"
                      + value);
            })
        .toList();
  }

  /** What {@code _arguments} is to offer, with the colon in front of it. */
  private String argument(Value value) {
    String action =
        value.known()
            ? values.computeIfAbsent(
                List.of(value.words(), value.files()), key -> FUNCTION + "_values_" + values.size())
            : "";
    return ":" + value.label().replace(":", "\\:") + ":" + action;
  }

  @SuppressWarnings("unchecked")
  private void valueFunction(List<Object> key, String name) {
    lines.add(name + "() {");
    lines.add("  local expl ret=1");
    List<String> words =
        ((List<String>) key.getFirst()).stream().map(ZshCompletion::quoted).toList();
    if (!words.isEmpty()) {
      lines.add("  _wanted values expl value compadd - " + String.join(" ", words) + " && ret=0");
    }
    if (key.getLast() != Files.NONE) {
      lines.add("  _files" + (key.getLast() == Files.FOLDERS ? " -/" : "") + " && ret=0");
    }
    lines.add("  return ret");
    lines.add("}");
  }

  private static String quoted(String text) {
    return BashCompletion.quoted(text);
  }
}
