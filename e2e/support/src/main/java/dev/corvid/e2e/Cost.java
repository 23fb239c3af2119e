package dev.corvid.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process and its children have cost so far, from {@code /proc}.
 *
 * @param processorSeconds children count once they have ended
 * @param anonymousBytes RssAnon: what is its own, not pages of files
 */
public record Cost(double processorSeconds, long anonymousBytes) {
  public static final Cost NOTHING = new Cost(0, 0);
  private static final double TICKS_A_SECOND = 100; // USER_HZ, fixed in the kernel's interface

  public static Optional<Cost> of(long pid) {
    var process = Path.of("/proc", Long.toString(pid));
    try {
      var stat = Files.readString(process.resolve("stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int field = 11; field <= 14; field++) { // utime, stime, cutime, cstime
        ticks += Long.parseLong(fields[field]);
      }
      long anonymous = anonymous(process);
      for (var child : children(process, pid)) {
        anonymous += anonymous(Path.of("/proc", child));
      }
      return Optional.of(new Cost(ticks / TICKS_A_SECOND, anonymous));
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }

  private static List<String> children(Path process, long pid) throws IOException {
    var all = Files.readString(process.resolve("task/" + pid + "/children")).strip();
    return all.isEmpty() ? List.of() : List.of(all.split(" "));
  }

  private static long anonymous(Path process) throws IOException {
    try (var lines = Files.lines(process.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0); // a process that has just ended has none
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  public Cost peakWith(Cost later) {
    return new Cost(
        Math.max(processorSeconds, later.processorSeconds),
        Math.max(anonymousBytes, later.anonymousBytes));
  }
}
