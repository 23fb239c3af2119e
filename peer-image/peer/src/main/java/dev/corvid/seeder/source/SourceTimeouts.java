package dev.corvid.seeder.source;

import java.time.Duration;

/**
 * The time limits of a request to a source.
 *
 * @param connect until it accepts a connection
 * @param firstByte until its answer begins: some servers make an archive first
 * @param noProgress until it sends the next byte; and the first, while there is another URL to try
 */
public record SourceTimeouts(Duration connect, Duration firstByte, Duration noProgress) {
  public static final SourceTimeouts DEFAULT =
      new SourceTimeouts(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(60));

  /** The same for each byte. */
  public SourceTimeouts(Duration connect, Duration noProgress) {
    this(connect, noProgress, noProgress);
  }

  /**
   * @param hurried whether there is another URL to try
   */
  public Duration firstByte(boolean hurried) {
    return hurried ? noProgress : firstByte;
  }
}
