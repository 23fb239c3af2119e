package dev.corvid.log;

import java.util.Locale;

/** The keys of a line beside time, level, logger, message and exception; docs/logs.md has them. */
public enum LogKey {
  /** A {@link LogEvent}. */
  EVENT,
  /** {@code namespace/name}. */
  RELEASE,
  /** Of the SwarmRelease. */
  UID,
  ROOT,
  NODE,
  /** Names, separated by commas; of many, the first ones and how many more there are. */
  NODES,
  REVISION,
  /** What people call the revision: {@code spec.version}. */
  VERSION,
  /** The revision that {@code current} left. */
  FROM,
  /** The revision that {@code current} points to now. */
  TO,
  /**
   * Of the grant that is obeyed, as {@code reign.epoch}: the operator's line of that grant tells
   * why it was given.
   */
  GRANT,
  WAVE,
  /** A reason of the API, such as InsufficientDisk; or why something was removed. */
  REASON,
  /** Without query and credentials. */
  URL,
  BYTES,
  SECONDS,
  /** Lines of this release that were left out before this one, because there were too many. */
  SUPPRESSED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
