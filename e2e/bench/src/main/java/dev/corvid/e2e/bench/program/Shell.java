package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.bench.network.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A few words of shell that wait until they are told to go, and stay until they are ended: so the
 * shell can be asked what its children took.
 */
public final class Shell {
  private static final String READY = "ready";
  private static final String DONE = "done";

  private Shell() {}

  public static Running waiting(Namespace namespace, String script, Map<String, String> words) {
    var whole = "echo " + READY + "; read go; " + script + " && echo " + DONE + " && read end";
    var shell = namespace.running(List.of("sh", "-c", whole));
    return new Running(
        "'" + script + "' at " + namespace.address(),
        shell,
        new HashMap<>(words),
        Shell::understand);
  }

  public static void go(Running shell) {
    shell.tell("go");
  }

  private static Optional<Event> understand(String line) {
    return switch (line) {
      case READY -> Optional.of(new Event.Listening());
      case DONE -> Optional.of(new Event.Complete());
      default -> Optional.empty();
    };
  }
}
