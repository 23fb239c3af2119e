package dev.corvid.wire.seeder;

import dev.corvid.wire.Reason;
import dev.corvid.wire.Require;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.text.Printable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A seeder's state, {@code POST /v1/seeders/<releaseUid>/report}: sent at once when the state
 * changes and when the source begins to answer, and every few seconds while it fetches. Answered
 * with the {@link SeederLimits} of now, or with 204 when there are none, and the tracker's instance
 * in the header; 403 when the pod is not the seeder that the operator named.
 *
 * @param state where the seeder is
 * @param port BitTorrent port; the address is that of the pod, which the operator knows
 * @param originBytes bytes read from the source so far
 * @param originTotal bytes of the source; 0 when it does not say
 * @param publication once it seeds; null before
 * @param uploadedBytes payload sent to peers
 * @param reason why it failed; null otherwise
 * @param message for a person: why it failed, what a fetch waits for, or what was noticed about the
 *     source of what is seeded; null when there is nothing to say
 */
public record SeederReport(
    State state,
    int port,
    long originBytes,
    long originTotal,
    @Nullable Publication publication,
    long uploadedBytes,
    @Nullable Reason reason,
    @Nullable String message) {
  /**
   * Whether two reports differ only in figures that may wait for the next poll: that the source has
   * begun to answer, or that something is waited for, is more.
   */
  public boolean sameState(SeederReport other) {
    return state == other.state
        && reason == other.reason
        && Objects.equals(publication, other.publication)
        && (originBytes == 0) == (other.originBytes == 0)
        && (message == null) == (other.message == null);
  }

  /** A seeder's state. */
  public enum State {
    FETCHING,
    SEEDING,
    /** The last attempt failed, and says why; the seeder tries again, at growing intervals. */
    FAILED
  }

  public SeederReport {
    Require.present(state, "state");
    Require.port(port);
    Require.range(originBytes, 0, Rank.LIMIT, "originBytes");
    Require.range(originTotal, 0, Rank.LIMIT, "originTotal");
    Require.range(uploadedBytes, 0, Rank.LIMIT, "uploadedBytes");
    if (state == State.SEEDING) {
      Require.present(publication, "publication");
    }
    if (state == State.FAILED) {
      Require.present(reason, "reason");
    }
    message = message == null ? null : Printable.text(message, 1024);
  }
}
