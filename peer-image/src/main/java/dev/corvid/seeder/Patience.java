package dev.corvid.seeder;

import java.time.Duration;

/**
 * How long a source is waited for.
 *
 * @param connect until it accepts a connection
 * @param noProgress until it sends the next byte, the first of its answer included
 */
record Patience(Duration connect, Duration noProgress) {
  static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60));
}
