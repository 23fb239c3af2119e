package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.Content;
import dev.corvid.wire.NodeReport;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The nodes of a release, counted against the wanted revision; only those whose word counts.
 *
 * @param updated those that serve it and have not failed
 * @param serving nodes that serve some whole revision
 * @param percent of the wanted bytes on all reachable nodes; 100 only when every one holds them
 * @param done bytes verified on reachable nodes: rises as long as anything moves
 * @param placed those that hold it and have not failed
 */
record Tally(
    int desired,
    int reachable,
    int downloading,
    int verified,
    int updated,
    int serving,
    int pending,
    int unreachable,
    int unserved,
    int percent,
    long done,
    long reused,
    int placed,
    int failed) {
  /** Bytes of a manifest, which a node counts too, at most. */
  private static final long MANIFEST = 1L << 30;

  /**
   * @param target the wanted revision; empty as long as its content is not known
   */
  static Tally of(Census census, Optional<Content> target, Failures failures) {
    String digest = target.map(Content::manifestDigest).orElse("");
    List<Member> reachable = census.reachable();
    List<Member> well =
        reachable.stream().filter(m -> !failures.nodes().contains(m.node())).toList();
    List<Member> wanting = reachable.stream().filter(member -> wants(member, digest)).toList();
    return new Tally(
        census.desired().size(),
        reachable.size(),
        (int) wanting.stream().filter(Tally::isDownloading).count(),
        (int) reachable.stream().filter(member -> member.holds(digest)).count(),
        (int) well.stream().filter(member -> member.serves(digest)).count(),
        (int) reachable.stream().filter(Member::servesAnything).count(),
        count(census, Member.Reach.PENDING),
        count(census, Member.Reach.UNREACHABLE),
        census.unserved().size(),
        percent(reachable, digest),
        sum(wanting, target, NodeReport::bytesDone),
        sum(wanting, target, NodeReport::bytesReused),
        (int) well.stream().filter(member -> member.holds(digest)).count(),
        reachable.size() - well.size());
  }

  /** What one node says changes the sum by no more than it can hold of the content. */
  private static long sum(
      List<Member> members, Optional<Content> target, ToLongFunction<NodeReport> figure) {
    long most = target.map(Content::sizeBytes).orElse(0L) + MANIFEST;
    return members.stream()
        .mapToLong(member -> Math.min(most, figure.applyAsLong(member.report())))
        .reduce(0, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
  }

  private static int count(Census census, Member.Reach reach) {
    return (int) census.desired().stream().filter(member -> member.reach() == reach).count();
  }

  private static boolean wants(Member member, String digest) {
    return member.report() != null && digest.equals(member.report().wanted());
  }

  private static boolean isDownloading(Member member) {
    NodeReport.State state = member.report().state();
    return state == NodeReport.State.DOWNLOADING || state == NodeReport.State.VERIFYING;
  }

  private static int percent(List<Member> reachable, String digest) {
    if (reachable.isEmpty()) {
      return 0;
    }
    double sum = reachable.stream().mapToDouble(member -> share(member, digest)).sum();
    return (int) (100 * sum / reachable.size());
  }

  private static double share(Member member, String digest) {
    if (member.holds(digest)) {
      return 1;
    }
    if (!wants(member, digest) || member.report().bytesTotal() == 0) {
      return 0;
    }
    // Bytes that are there but not verified as a whole never make it 100.
    return Math.min(0.99, (double) member.report().bytesDone() / member.report().bytesTotal());
  }

  /** Whether every node that counts serves the wanted revision, or failed to get it. */
  boolean isUpdated() {
    return updated > 0 && updated + failed == reachable && pending == 0;
  }

  /** Whether every node that counts holds the wanted revision, or failed to get it. */
  boolean isPlaced() {
    return placed > 0 && placed + failed == reachable && pending == 0;
  }

  /** How many nodes had a revision when that status was written; empty if nobody knew. */
  static Optional<Integer> held(SwarmReleaseStatus status) {
    return Optional.ofNullable(status.nodes()).map(NodesStatus::holding);
  }

  /**
   * @param failures those that cannot be reached since, too
   * @param holding nodes that have a revision, matching or not; null when that is not known
   */
  NodesStatus status(int failures, Integer holding) {
    return new NodesStatus(
        desired,
        downloading,
        verified,
        updated,
        failures,
        unreachable,
        unserved,
        holding,
        updated + "/" + desired);
  }
}
