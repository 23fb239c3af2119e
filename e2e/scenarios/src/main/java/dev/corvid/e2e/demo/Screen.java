package dev.corvid.e2e.demo;

import java.io.PrintStream;
import java.util.List;

/**
 * Where progress is shown: on a terminal the same lines are written over and over, elsewhere a line
 * is printed when it says something new.
 */
final class Screen {
  private static final String UP_AND_CLEAR = "\033[%dF\033[J";

  private final PrintStream out;
  private final boolean terminal;
  private List<String> shown = List.of();

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  static Screen ofThisProcess() {
    var console = System.console();
    return new Screen(System.out, console != null && console.isTerminal());
  }

  /** A heading of what comes next; ends what was updated so far. */
  void step(String text) {
    shown = List.of();
    out.println();
    out.println("==> " + text);
  }

  void say(Object text) {
    shown = List.of();
    out.println(text);
  }

  /** Whether lines can be written over. */
  boolean isTerminal() {
    return terminal;
  }

  void update(List<String> lines) {
    if (lines.equals(shown)) {
      return;
    }
    if (terminal) {
      if (!shown.isEmpty()) {
        out.printf(UP_AND_CLEAR, shown.size());
      }
      lines.forEach(out::println);
    } else {
      lines.stream().filter(line -> !shown.contains(line)).forEach(out::println);
    }
    shown = lines;
  }
}
