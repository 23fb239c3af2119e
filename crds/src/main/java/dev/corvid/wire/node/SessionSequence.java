package dev.corvid.wire.node;

import dev.corvid.wire.Require;

/**
 * The position of a message in a peer's session: the tracker takes messages in their order,
 * whatever order they arrive in. A request that its sender has given up may still be in flight, and
 * must not undo a later one.
 *
 * @param session begins when the peer reports everything that it holds, under a name of its choice
 * @param number rises with every message in the session; 1 is the poll that begins it
 */
public record SessionSequence(String session, long number) {
  public SessionSequence {
    Require.text(session, "session", 64);
    Require.range(number, 1, Long.MAX_VALUE, "number");
  }

  /** The first message of a session. */
  public static SessionSequence first(String session) {
    return new SessionSequence(session, 1);
  }

  /** The next message. */
  public SessionSequence next() {
    return new SessionSequence(session, number + 1);
  }
}
