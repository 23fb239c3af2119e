package dev.corvid.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** On what machine, and how to read the tables. Names no host and no path. */
record Heading() {

  List<String> lines() throws IOException {
    return """
        # Results of the bench

        Written by `make bench-record` (`e2e/bench`) on %s. Machine: %d × %s, %d GiB of memory, Linux %s, Java %s.

        Cells are medians, with the least and the most of the repeats. Time zero is the seeder's `listening`, when
        the peers have reported theirs, for every client; for curl it is its start. The bound is the content over what one
        bulk TCP flow (nginx to curl, into /dev/null) carried on that link just before, without the delay and the loss that a
        row may add. Content lies in memory (tmpfs), where a sync costs nothing. CPU counts all programs of a swarm, a
        GB that reached a peer; RssAnon is the highest of any one process, every 100 ms; our programs run with the image's
        Java, settings and AOT cache. Where "machine busy" nears 100 %% the machine was the limit, not the links. A row may
        have been measured in another run than its neighbour (`make bench-record ROWS=…`); one that is not here was not
        measured. [Why some goals are not reached](NOTES.md).
        """
        .formatted(
            LocalDate.now(),
            Runtime.getRuntime().availableProcessors(),
            after("/proc/cpuinfo", "model name"),
            gibibytes(),
            System.getProperty("os.version").replaceAll("[^0-9.].*", ""),
            Runtime.version().feature())
        .lines()
        .toList();
  }

  private static long gibibytes() throws IOException {
    var kilobytes = Long.parseLong(after("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
    return Math.round(kilobytes / (double) (1 << 20));
  }

  private static String after(String file, String key) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }
}
