package dev.corvid.http;

import java.time.Duration;

/**
 * How many connections a listener keeps open at once.
 *
 * @param connections all of them
 * @param anonymous those whose client has not authenticated itself; one of them makes room for a
 *     new one
 * @param perAddress of these, from one address
 * @param perCaller authenticated ones of one caller
 * @param burst how long a connection counts as new: while less than half of the places are taken,
 *     more than {@code perAddress} new ones are kept, since clients behind one address may all come
 *     at once
 * @param timeouts of each
 */
public record ConnectionLimits(
    int connections,
    int anonymous,
    int perAddress,
    int perCaller,
    Duration burst,
    Timeouts timeouts) {
  /** Longer than a request takes to come on a new connection, so that it is not closed before. */
  public static final Duration BURST = Duration.ofSeconds(1);

  private static final int SPARE = 16;
  private static final int LEAST = 8;

  /** What the rest of the process may open yet: files of classes, other listeners' connections. */
  private static final int OTHER_FILES = 64;

  /**
   * For listeners that authenticate nobody: a new connection always finds a place, which some older
   * one gives up.
   */
  public static ConnectionLimits anonymous(int connections, int perAddress, Timeouts timeouts) {
    return new ConnectionLimits(connections, connections, perAddress, 0, BURST, timeouts);
  }

  /**
   * No more connections than files may be opened: a listener that finds none left ends for good.
   *
   * @param files that this process may open yet
   */
  ConnectionLimits within(long files) {
    // Of nine places on the socket eight are for connections, see accepted().
    var room = (int) Math.clamp((files - OTHER_FILES - SPARE) / 9 * 8, LEAST, connections);
    return new ConnectionLimits(
        room,
        Math.min(anonymous, room),
        Math.clamp(perAddress, 1, room / 2),
        Math.min(perCaller, room),
        burst,
        timeouts);
  }

  /** How many may be ending at once before a new one waits. */
  int closing() {
    return Math.max(SPARE, anonymous / 4);
  }

  /** With those that are being closed, and those that are accepted to be refused. */
  int accepted() {
    return connections + connections / 8 + SPARE;
  }
}
