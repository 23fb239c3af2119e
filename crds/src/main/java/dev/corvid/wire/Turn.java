package dev.corvid.wire;

/**
 * When a peer says something: the tracker takes its words in their order, whatever order they
 * arrive in. A request that its sender has given up may still be on its way, and must not undo what
 * a later one said.
 *
 * @param session begins when the peer tells everything that it holds, with a name of its choice
 * @param number rises with every message in the session; 1 is the poll that begins it
 */
public record Turn(String session, long number) {
  public Turn {
    Require.text(session, "session", 64);
    Require.range(number, 1, Long.MAX_VALUE, "number");
  }

  /** The turn that begins a session. */
  public static Turn first(String session) {
    return new Turn(session, 1);
  }

  /** The next message's. */
  public Turn next() {
    return new Turn(session, number + 1);
  }
}
