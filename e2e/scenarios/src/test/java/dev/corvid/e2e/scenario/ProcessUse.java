package dev.corvid.e2e.scenario;

import java.util.Map;

/**
 * What a process holds at a moment, and what a leak would add to.
 *
 * @param anonymousKib memory that is in no file: RssAnon
 * @param threads how many, by their names without numbers at the end
 * @param files open files, pipes and the like
 */
public record ProcessUse(long anonymousKib, Map<String, Long> threads, long files, long sockets) {
  private static final String MEMORY = "RssAnon:";

  /**
   * Those that carry virtual threads. The JDK adds one while another waits for a file, and keeps it
   * for half a minute: their number is that of the last burst, and no leak until it is beyond this.
   */
  private static final String CARRIERS = "ForkJoinPool";

  private static final long MOST_CARRIERS = 32;

  public static ProcessUse of(String status, Map<String, Long> threads, long files, long sockets) {
    var memory = status.lines().filter(line -> line.startsWith(MEMORY)).findFirst().orElseThrow();
    return new ProcessUse(Long.parseLong(memory.split("\\s+")[1]), threads, files, sockets);
  }

  public long threadCount() {
    return threads.values().stream().mapToLong(Long::longValue).sum();
  }

  private long carriers() {
    return threads.getOrDefault(CARRIERS, 0L);
  }

  /** Whether it is more than another and this much, in anything. */
  public boolean exceeds(ProcessUse other, Slack slack) {
    return anonymousKib > other.anonymousKib + slack.anonymousKib()
        || carriers() > Math.max(MOST_CARRIERS, other.carriers() + slack.threads())
        || threadCount() - carriers() > other.threadCount() - other.carriers() + slack.threads()
        || files > other.files + slack.files()
        || sockets > other.sockets + slack.sockets();
  }

  @Override
  public String toString() {
    return "%d MiB, %d threads, %d files, %d sockets"
        .formatted(anonymousKib / 1024, threadCount(), files, sockets);
  }

  /** By how much two looks at a process at rest may differ. */
  public record Slack(long anonymousKib, long threads, long files, long sockets) {}
}
