package dev.corvid.e2e.fleet;

import java.time.Duration;

/**
 * How a simulated node takes a release.
 *
 * @param download how long its transfers take
 */
record Temper(Kind kind, Duration download) {
  /** What is wrong with it. */
  enum Kind {
    WELL,
    /** Its disk is full: every attempt fails, and it tries again and again. */
    FAILING,
    /** Its peer dies and comes back every few seconds. */
    FLAPPING,
    /** Its transfers take ten times as long. */
    SLOW
  }

  private static final int SLOWNESS = 10;

  /** The same node with another trouble, or none. */
  static Temper of(Kind kind, Duration download) {
    return new Temper(kind, kind == Kind.SLOW ? download.multipliedBy(SLOWNESS) : download);
  }
}
