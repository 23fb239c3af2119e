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
        the peers have reported theirs, for every client. The bound is the content over what one bulk TCP flow carried on
        that link in this run. Content lies in memory (tmpfs). CPU counts all programs of a swarm, a
        GB that reached a peer; RssAnon is the highest of any one process, every 100 ms. Where "machine busy" nears
        100 %% the machine was the limit, not the links.
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
