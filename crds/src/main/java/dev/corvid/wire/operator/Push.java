package dev.corvid.wire.operator;

import dev.corvid.wire.Require;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.seeder.SeederLimits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator's word to the tracker, {@code POST /v1/push}: the releases that changed since the
 * last push to this instance. Answered with a {@link Pushed}, or with 413 above {@value #MAX_BYTES}
 * bytes of JSON, before compression: what is larger is sent in several pushes, and the last of them
 * is marked complete.
 *
 * @param instance the tracker instance that the push is meant for; the answer to another one is 409
 *     with the instance that runs, and the operator sends everything
 * @param after how many pushes that instance had taken before; when it has taken others since, the
 *     answer is 409, so that one that was given up, or a former leader's, cannot undo a later one
 * @param complete whether this push, with those before it, is everything: until then the tracker
 *     answers 503 to peers, so an empty tracker instructs nobody
 * @param releases changed ones, each whole or a part of it
 * @param forgotten uids to drop; this removes nothing on any node
 * @param nodes that changed, by name
 */
public record Push(
    String instance,
    long after,
    boolean complete,
    List<Release> releases,
    List<String> forgotten,
    Map<String, Node> nodes) {
  /** Most bytes of one push; an operator that stays far below is never refused. */
  public static final int MAX_BYTES = 16 << 20;

  /** Most grants of one release. */
  public static final int MAX_GRANTS = 100_000;

  /**
   * One release. Its grants may come in several parts, in consecutive pushes: the tracker follows
   * the release as it was until the last part is there.
   *
   * @param releaseUid uid of the SwarmRelease
   * @param grants every node has at most one; each names at most {@link
   *     dev.corvid.wire.grant.Grant#MAX_NODES} nodes
   * @param seeder the release's seeder; null when there is none
   * @param part which part this is, counted from 0; part 0 begins the release again
   * @param more whether another part follows
   */
  public record Release(
      String releaseUid,
      List<SignedGrant> grants,
      @Nullable Seeder seeder,
      int part,
      boolean more) {
    public Release {
      Require.text(releaseUid, "releaseUid", 64);
      grants = Require.list(grants, MAX_GRANTS, "grants");
      Require.range(part, 0, MAX_GRANTS, "part");
    }

    /** A release in one part. */
    public Release(String releaseUid, List<SignedGrant> grants, @Nullable Seeder seeder) {
      this(releaseUid, grants, seeder, 0, false);
    }
  }

  /**
   * The one pod that may report as a release's seeder.
   *
   * @param podUid its uid
   * @param address its IP, from the pod's status: peers are told of no other; null before it has
   *     one
   * @param infoHash of the content that the operator accepted as what this seeder serves; null
   *     before
   * @param swarm in which it serves that content, as grants name it: of this one alone it may ask
   *     for neighbours; null before
   * @param limits how fast it may read and send; null for no limit
   */
  public record Seeder(
      String podUid,
      @Nullable String address,
      @Nullable String infoHash,
      @Nullable String swarm,
      @Nullable SeederLimits limits) {
    public Seeder {
      Require.text(podUid, "podUid", 64);
      address = address == null ? null : Require.address(address, "address");
      if (infoHash != null) {
        Require.infoHash(infoHash, "infoHash");
        Require.infoHash(swarm, "swarm");
      }
      limits = SeederLimits.NONE.equals(limits) ? null : limits;
    }

    /** A seeder without limits. */
    public Seeder(
        String podUid,
        @Nullable String address,
        @Nullable String infoHash,
        @Nullable String swarm) {
      this(podUid, address, infoHash, swarm, null);
    }
  }

  /**
   * What a node is to its neighbours.
   *
   * @param zone empty when it is in none
   * @param address the IP of its peer's pod, from the pod's status; empty when there is no such
   *     pod, or it has none yet
   */
  public record Node(String zone, String address) {
    /** A node that is gone, or of which nothing is known. */
    public static final Node UNKNOWN = new Node("", "");

    public Node {
      zone = Require.zone(zone == null ? "" : zone, "zone");
      address = address == null || address.isEmpty() ? "" : Require.address(address, "address");
    }
  }

  public Push {
    Require.range(after, 0, Long.MAX_VALUE, "after");
    releases = Require.list(releases, 100_000, "releases");
    forgotten = Require.list(forgotten, 100_000, "forgotten");
    nodes = Require.nodes(nodes, 100_000);
  }
}
