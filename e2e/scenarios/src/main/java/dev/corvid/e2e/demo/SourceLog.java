package dev.corvid.e2e.demo;

import java.time.Instant;
import java.util.Optional;

/** Reads what the source server prints. */
final class SourceLog {
  private SourceLog() {}

  static Optional<Instant> firstByteAfter(String log, Instant moment) {
    return log.lines()
        .filter(line -> line.contains(" sends "))
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
        .filter(time -> time.isAfter(moment))
        .findFirst();
  }
}
