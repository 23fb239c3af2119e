package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Who reads what of a transfer with further connections.
 *
 * <pre>
 * phase      the transfer's own connection        becomes
 * Trial      reads every byte                     Joining once a further connection gains
 * Joining    reads up to the first range that     Ahead when it is there, or others wait for
 *            has an answer                        what this connection reads
 * Ahead      is closed                            Draining when no further one is left
 * Draining   is closed; what is under way comes   Closed at the first gap
 * Closed     reads every byte
 * Failed     nothing that came can be trusted
 * </pre>
 *
 * Trial and Joining become Closed when no further connection is left: the transfer's own answer is
 * whole, and is not given up for ranges that may not come.
 */
sealed interface AheadPhase {
  record Trial() implements AheadPhase {}

  record Joining() implements AheadPhase {}

  /**
   * @param stalled whether a range was taken from a connection that stalled, and no byte came since
   */
  record Ahead(boolean stalled) implements AheadPhase {}

  record Draining(Ending ending) implements AheadPhase {}

  record Closed(Ending ending) implements AheadPhase {}

  record Failed(Throwable cause) implements AheadPhase {}

  /**
   * @param why null when one connection is enough
   * @param again whether further connections are worth another try
   */
  record Ending(@Nullable IOException why, boolean again) {}

  /** Whether the transfer's own connection reads in order while others read ahead of it. */
  default boolean ownReads() {
    return this instanceof Trial || this instanceof Joining;
  }

  /** Whether ranges are asked for. */
  default boolean asks() {
    return ownReads() || this instanceof Ahead;
  }

  /** Whether bytes of others count. */
  default boolean counts() {
    return asks() || this instanceof Draining;
  }

  /**
   * @throws SourceException when nothing that came can be trusted
   */
  default void requireTrust() throws SourceException {
    if (this instanceof Failed(var cause)) {
      switch (cause) {
        case SourceException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(cause);
      }
    }
  }
}
