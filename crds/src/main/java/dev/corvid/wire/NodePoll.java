package dev.corvid.wire;

import java.util.List;

/**
 * A peer's long poll, {@code POST /v1/nodes/<node>/poll}: its reports in, its slice out. Answered
 * with a {@link Slice} as soon as this node's slice differs from {@code sequence} of {@code
 * instance}, else after 30 s (jittered) with the same sequence and no releases. Before a push was
 * marked complete the answer is 503; it is 409, with the tracker's instance, when {@code full} is
 * false and the instance does not know this node: then the peer polls with everything.
 *
 * @param instance the tracker instance that the peer knows; null at first
 * @param sequence of the slice that the peer holds; 0 for none
 * @param address the pod's IP, from the downward API
 * @param port BitTorrent port
 * @param full whether {@code reports} is everything that the node holds: true on the first poll to
 *     an instance; otherwise only what changed since
 * @param reports one for each release
 */
public record NodePoll(
    String instance,
    long sequence,
    String address,
    int port,
    boolean full,
    List<NodeReport> reports) {
  public static final int MAX_REPORTS = 10_000;

  public NodePoll {
    Require.range(sequence, 0, Long.MAX_VALUE, "sequence");
    Require.text(address, "address", 45);
    Require.range(port, 1, 65_535, "port");
    reports = Require.list(reports, MAX_REPORTS, "reports");
  }
}
