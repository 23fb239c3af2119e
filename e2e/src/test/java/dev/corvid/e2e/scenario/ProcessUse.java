package dev.corvid.e2e.scenario;

/**
 * What a process holds at a moment, and what a leak would add to.
 *
 * @param anonymousKib memory that is in no file: RssAnon
 * @param files open files, pipes and the like
 */
record ProcessUse(long anonymousKib, long threads, long files, long sockets) {
  static ProcessUse parse(String status, long files, long sockets) {
    return new ProcessUse(field(status, "RssAnon:"), field(status, "Threads:"), files, sockets);
  }

  private static long field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> Long.parseLong(line.split("\\s+")[1]))
        .findFirst()
        .orElseThrow();
  }

  /** Whether it is more than another and this much, in anything. */
  boolean exceeds(ProcessUse other, ProcessUse slack) {
    return anonymousKib > other.anonymousKib + slack.anonymousKib
        || threads > other.threads + slack.threads
        || files > other.files + slack.files
        || sockets > other.sockets + slack.sockets;
  }

  @Override
  public String toString() {
    return "%d MiB, %d threads, %d files, %d sockets"
        .formatted(anonymousKib / 1024, threads, files, sockets);
  }
}
