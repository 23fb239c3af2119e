package dev.corvid.http;

/**
 * Whose connections make room for whose: a lower priority for any other, and for new connections.
 */
public enum ConnectionPriority {
  /** Has not authenticated itself yet. */
  ANONYMOUS,
  /** Has authenticated itself, as many can. */
  AUTHENTICATED,
  /** Is one of those that the listener is there for, and never makes room. */
  MEMBER
}
