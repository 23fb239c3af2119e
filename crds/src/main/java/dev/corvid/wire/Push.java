package dev.corvid.wire;

import java.util.List;
import java.util.Map;

/**
 * The operator's word to the tracker, {@code POST /v1/push}: the releases that changed since the
 * last push to this instance. Answered with a {@link Pushed}, or with 413 above 16 MiB: split a
 * larger one, and mark the last part complete.
 *
 * @param instance the tracker instance that the push is meant for; the answer to another one is 409
 *     with the instance that runs, and the operator sends everything
 * @param after how many pushes that instance had taken before; when it has taken others since, the
 *     answer is 409, so that one that was given up, or a former leader's, cannot undo a later one
 * @param complete whether this push, with those before it, is everything: until then the tracker
 *     answers 503 to peers, so an empty tracker instructs nobody
 * @param releases changed ones, each whole
 * @param forgotten uids to drop; this removes nothing on any node
 * @param zones of nodes where they are other than before, by node; empty for a node without one
 */
public record Push(
    String instance,
    long after,
    boolean complete,
    List<Release> releases,
    List<String> forgotten,
    Map<String, String> zones) {
  /**
   * One release, whole.
   *
   * @param releaseUid uid of the SwarmRelease
   * @param grants every node has at most one; each names at most {@link Grant#MAX_NODES} nodes
   * @param seederPodUid uid of the pod that may report as this release's seeder; null for none
   * @param sourceHash what that seeder fetches; null when there is no seeder
   */
  public record Release(
      String releaseUid, List<SignedGrant> grants, String seederPodUid, String sourceHash) {
    public Release {
      Require.text(releaseUid, "releaseUid", 64);
      grants = Require.list(grants, 100_000, "grants");
    }
  }

  public Push {
    Require.range(after, 0, Long.MAX_VALUE, "after");
    releases = Require.list(releases, 100_000, "releases");
    forgotten = Require.list(forgotten, 100_000, "forgotten");
    zones = Require.zones(zones, 100_000);
  }
}
