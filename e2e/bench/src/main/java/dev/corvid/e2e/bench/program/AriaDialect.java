package dev.corvid.e2e.bench.program;

import java.util.Optional;
import java.util.regex.Pattern;

/** What aria2 writes to its console at level notice, with a summary a second. */
final class AriaDialect implements Dialect {
  /** What the hook for complete downloads is given: GID, number of files, path. */
  private static final Pattern COMPLETE = Pattern.compile("[0-9a-f]{16} \\d+ .+");

  private static final Pattern SUMMARY = Pattern.compile("\\[#\\w+ ([\\d.]+)(B|KiB|MiB|GiB)/.*");

  @Override
  public Optional<Event> understand(String line) {
    if (line.contains("IPv4 BitTorrent: listening on TCP port")) {
      return Optional.of(new Event.Listening());
    }
    if (COMPLETE.matcher(line).matches()) {
      return Optional.of(new Event.Complete());
    }
    var summary = SUMMARY.matcher(line);
    return summary.find()
        ? Optional.of(new Event.Progress(bytes(summary.group(1), summary.group(2))))
        : Optional.empty();
  }

  private static long bytes(String figure, String unit) {
    int shift =
        switch (unit) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return (long) (Double.parseDouble(figure) * (1L << shift));
  }
}
