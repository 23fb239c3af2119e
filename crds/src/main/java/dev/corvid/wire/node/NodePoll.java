package dev.corvid.wire.node;

import dev.corvid.wire.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer's long poll, {@code POST /v1/nodes/<node>/poll}: its slice out, and with the first one
 * everything that it holds in. Answered with a {@link NodeAssignments} as soon as this node's slice
 * differs from {@code sequence}, else after 30 s (jittered) with the same sequence and no releases.
 * Before a push was marked complete the answer is 503; it is 409, with the tracker's instance, when
 * {@code full} is false and the tracker is in no such session with this node: then the peer polls
 * with everything.
 *
 * @param session of the {@link SessionSequence}s that the peer's reports have; a full poll begins
 *     it
 * @param sequence of the slice that the peer holds; 0 for none
 * @param port BitTorrent port; the address is that of the pod, which the operator knows
 * @param full whether {@code reports} is everything that the node holds; otherwise there are none,
 *     what changes is told in {@link NodeReports}
 * @param reports one for each release
 * @param from where the last part of the slice ended, {@link NodeAssignments#next}: the next one is
 *     answered at once; null to wait for another slice
 */
public record NodePoll(
    String session,
    long sequence,
    int port,
    boolean full,
    List<NodeReport> reports,
    @Nullable String from) {
  public static final int MAX_REPORTS = 10_000;

  public NodePoll {
    Require.text(session, "session", 64);
    Require.range(sequence, 0, Long.MAX_VALUE, "sequence");
    Require.port(port);
    reports = Require.list(reports, MAX_REPORTS, "reports");
    if (from != null) {
      Require.text(from, "from", 64);
    }
    if (!full && !reports.isEmpty()) {
      throw new IllegalArgumentException("only a full poll has reports");
    }
  }
}
