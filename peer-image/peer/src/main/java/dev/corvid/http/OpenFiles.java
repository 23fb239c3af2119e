package dev.corvid.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How many more files the kernel lets this process open, connections among them (RLIMIT_NOFILE).
 */
final class OpenFiles {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Path OPEN = Path.of("/proc/self/fd");

  /** The soft limit: Java has raised it to the hard one by then. */
  private static final Pattern LIMIT = Pattern.compile("Max open files\\s+(\\d+)\\s.*");

  private OpenFiles() {}

  /** Of now; empty when there is no limit, or the system does not say. */
  static OptionalLong left() {
    try (var limits = Files.lines(LIMITS);
        var open = Files.list(OPEN)) {
      var limit = limit(limits.toList());
      return limit.isEmpty() ? limit : OptionalLong.of(limit.getAsLong() - open.count());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong limit(Iterable<String> lines) {
    for (var line : lines) {
      var matcher = LIMIT.matcher(line);
      if (matcher.matches()) {
        return OptionalLong.of(Long.parseLong(matcher.group(1)));
      }
    }
    return OptionalLong.empty();
  }
}
