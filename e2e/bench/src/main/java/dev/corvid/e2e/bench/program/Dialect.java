package dev.corvid.e2e.bench.program;

import java.util.Optional;

/** How a program's lines are understood. */
@FunctionalInterface
public interface Dialect {
  Optional<Event> understand(String line);

  /** Of programs of which nothing is expected. */
  static Dialect none() {
    return _ -> Optional.empty();
  }
}
