package dev.corvid.http;

import java.time.Duration;

/**
 * How long a client may take over each part of a request. What is longer closes the connection.
 *
 * @param header from the first byte of a request to the last of its header
 * @param idle without a request, for a client that has not authenticated itself
 * @param authenticatedIdle the same, for one that has
 * @param transfer to send a whole body, or to take a whole answer
 */
public record Timeouts(
    Duration header, Duration idle, Duration authenticatedIdle, Duration transfer) {
  /** Of probes and of calls inside a cluster. */
  public static Timeouts defaults() {
    return new Timeouts(
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        // Longer than clients keep a connection, so that none is closed under a new request.
        Duration.ofMinutes(5),
        Duration.ofSeconds(60));
  }
}
