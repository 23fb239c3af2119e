package dev.corvid.e2e.bench.network;

import dev.corvid.e2e.Command;
import java.util.List;
import java.util.regex.Pattern;

/** Namespaces of a bench, this one's or an earlier one's that was killed. */
public final class Leftovers {
  static final String PREFIX = "corvid-bench-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\S+");

  private Leftovers() {}

  /** Removes what no running bench owns. */
  public static void removeAll() {
    for (var name : names()) {
      var owner = NAME.matcher(name);
      if (owner.matches() && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
        remove(name);
      }
    }
  }

  /** Removes what this bench made, whatever state it is in. */
  public static void removeOwn() {
    var own = PREFIX + ProcessHandle.current().pid() + "-";
    names().stream().filter(name -> name.startsWith(own)).forEach(Leftovers::remove);
  }

  /** Ends what runs in a namespace, and removes it; one that is not there is fine. */
  static void remove(String name) {
    if (!names().contains(name)) {
      return;
    }
    var inside = Command.of("ip", "netns", "pids", name).outcome("").out().lines().toList();
    var processes = inside.stream().map(Long::parseLong).flatMap(p -> ProcessHandle.of(p).stream());
    processes.forEach(ProcessHandle::destroyForcibly);
    Command.of("ip", "netns", "del", name).outcome("");
  }

  private static List<String> names() {
    return Command.of("ip", "netns", "list")
        .run()
        .lines()
        .map(line -> line.split(" ")[0])
        .filter(name -> name.startsWith(PREFIX))
        .toList();
  }
}
