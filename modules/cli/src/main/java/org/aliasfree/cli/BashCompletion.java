package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.aliasfree.cli.Completion.Files;
import org.aliasfree.cli.Completion.Flag;
import org.aliasfree.cli.Completion.Value;

/** A bash script that completes the command line; bash 3.2, which macOS has, runs it too. */
final class BashCompletion {
  /** {@code @}-words stand for what depends on the commands. */
  private static final String SCRIPT =
      """
      # bash completion of aliasfree; made by: aliasfree completion bash
      _aliasfree() {
        local words=() word='' i joined='' command='' option='' current kept
        local commands='' options='' valued='' values='' files=''
        COMPREPLY=()
        # Bash takes words apart at = and : too; here they are put together again.
        for ((i = 1; i <= COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          if ((${#words[@]})) && [[ -n $joined || $word == [=:]* ]]; then
            words[${#words[@]}-1]+=$word
          else
            words+=("$word")
          fi
          if [[ $word == *[=:] ]]; then joined=yes; else joined=''; fi
        done
        ((${#words[@]})) || words=('')
        current=${words[${#words[@]}-1]}
        for ((i = 0; i < ${#words[@]} - 1; i++)); do
          case "$command ${words[i]}" in
            @COMMANDS@) command="$command ${words[i]}" ;;
            *' '-*) ;;
            *) break ;;
          esac
        done
        case "$command" in
      @OPTIONS@
        esac
        kept=$current
        if [[ $current == --*=* ]]; then
          option=${current%%=*}
          kept=${current#*=}
        elif ((${#words[@]} > 1)) && [[ $current != -* && " $valued " == *" ${words[${#words[@]}-2]} "* ]]; then
          option=${words[${#words[@]}-2]}
        fi
        if [[ -n $option ]]; then
          values='' files=''
          case "$command $option" in
      @VALUES@
          esac
        elif [[ $current == -* ]]; then
          values=$options files=''
        elif [[ -n $commands ]]; then
          values=$commands files=''
        fi
        while IFS= read -r word; do
          [[ -n $word ]] && COMPREPLY+=("$word")
        done < <(
          [[ -n $values ]] && compgen -W "$values" -- "$kept"
          case $files in
            all) compgen -f -- "$kept" ;;
            folders) compgen -d -- "$kept" ;;
          esac
        )
        [[ -n $files ]] && compopt -o filenames 2>/dev/null
        # What is offered replaces only what stands behind the last character where bash took the word apart.
        if [[ $COMP_WORDBREAKS == *:* && $kept == *:* ]]; then
          COMPREPLY=("${COMPREPLY[@]#"${kept%:*}:"}")
        elif [[ $COMP_WORDBREAKS != *=* && $current == --*=* ]]; then
          COMPREPLY=("${COMPREPLY[@]/#/$option=}")
        fi
      }
      complete -F _aliasfree aliasfree
      """;

  private BashCompletion() {}

  /** The script. */
  static String of(Completion root) {
    List<Completion> all = root.all().toList();
    return SCRIPT
        .replace("@COMMANDS@", commands(all))
        .replace("@OPTIONS@", options(all))
        .replace("@VALUES@", values(all));
  }

  private static String name(Completion command) {
    return command.path().stream().map(word -> " " + word).collect(Collectors.joining());
  }

  private static String commands(List<Completion> all) {
    return all.stream()
        .filter(command -> !command.path().isEmpty())
        .map(command -> quoted(name(command)))
        .collect(Collectors.joining(" | "));
  }

  private static String options(List<Completion> all) {
    List<String> lines = new ArrayList<>();
    for (Completion command : all) {
      lines.add("    " + quoted(name(command)) + ")");
      set("commands", command.commands().stream().map(c -> c.path().getLast()).toList(), lines);
      set("options", names(command.options()), lines);
      set(
          "valued",
          names(command.options().stream().filter(o -> !o.values().isEmpty()).toList()),
          lines);
      Set<String> settings = new LinkedHashSet<>();
      command.arguments().forEach(value -> set(value, settings));
      lines.addAll(settings);
      lines.add("      ;;");
    }
    return String.join("\n", lines);
  }

  private static List<String> names(List<Flag> options) {
    return options.stream().flatMap(option -> option.names().stream()).toList();
  }

  private static void set(String variable, List<String> words, Collection<String> lines) {
    if (!words.isEmpty()) {
      lines.add("      " + variable + "=" + quoted(String.join(" ", words)));
    }
  }

  private static void set(Value value, Collection<String> lines) {
    set("values", value.words(), lines);
    if (value.files() != Files.NONE) {
      lines.add("      files=" + (value.files() == Files.ALL ? "all" : "folders"));
    }
  }

  /** Options that take the same are one case. */
  private static String values(List<Completion> all) {
    Map<List<String>, List<String>> cases = new LinkedHashMap<>();
    for (Completion command : all) {
      for (Flag option : command.options()) {
        List<String> settings = new ArrayList<>();
        option.values().forEach(value -> set(value, settings));
        if (!settings.isEmpty()) {
          for (String name : option.names()) {
            cases
                .computeIfAbsent(settings, s -> new ArrayList<>())
                .add(quoted(name(command) + " " + name));
          }
        }
      }
    }
    return cases.entrySet().stream()
        .map(
            entry ->
                "      "
                    + String.join(" | ", entry.getValue())
                    + ")\n  "
                    + String.join("\n  ", entry.getKey())
                    + "\n        ;;")
        .collect(Collectors.joining("\n"));
  }

  /** As one word of the shell. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
