package dev.corvid.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which test runs a documented command, or why none does: {@code commands.txt}, a line for each,
 * {@code command => test} or {@code command => not run: reason}, in which * stands for anything.
 */
record CommandRegister(List<Entry> entries) {
  static final String FILE = "commands.txt";
  static final String NOT_RUN = "not run: ";

  /**
   * @param fate the simple name of a test, or {@value #NOT_RUN} and a reason
   */
  record Entry(String pattern, String fate) {
    private static final String ARROW = " => ";

    static Entry of(String line) {
      int arrow = line.lastIndexOf(ARROW);
      if (arrow < 0) {
        throw new IllegalArgumentException(FILE + " has a line without" + ARROW + ": " + line);
      }
      return new Entry(
          line.substring(0, arrow).strip(), line.substring(arrow + ARROW.length()).strip());
    }

    boolean isRun() {
      return !fate.startsWith(NOT_RUN);
    }

    boolean matches(DocumentedCommand command) {
      return matches(command.name());
    }

    boolean matches(String command) {
      return Pattern.matches(
          Arrays.stream(pattern.split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining(".*")),
          command);
    }
  }

  static CommandRegister read() throws IOException {
    return read(FILE);
  }

  static CommandRegister read(String name) throws IOException {
    try (var file = CommandRegister.class.getResourceAsStream(name)) {
      return of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static CommandRegister of(String text) {
    return new CommandRegister(
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Entry::of)
            .toList());
  }

  List<Entry> of(DocumentedCommand command) {
    return matching(command.name());
  }

  List<Entry> matching(String command) {
    return entries.stream().filter(entry -> entry.matches(command)).toList();
  }
}
