package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.Content;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes of a release, counted against the wanted revision; only those whose word counts.
 *
 * @param serving nodes that serve some whole revision
 * @param percent of the wanted bytes on all reachable nodes; 100 only when every one holds them
 * @param done bytes verified on reachable nodes: rises as long as anything moves
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
    List<Member> failed) {

  /**
   * @param target the wanted revision; empty as long as its content is not known
   */
  static Tally of(Census census, Optional<Content> target) {
    String digest = target.map(Content::manifestDigest).orElse("");
    List<Member> reachable = census.reachable();
    List<Member> failed = reachable.stream().filter(member -> member.failed(digest)).toList();
    List<Member> wanting = reachable.stream().filter(member -> wants(member, digest)).toList();
    return new Tally(
        census.desired().size(),
        reachable.size(),
        (int) wanting.stream().filter(Tally::isDownloading).count(),
        (int) reachable.stream().filter(member -> member.holds(digest)).count(),
        (int) reachable.stream().filter(m -> m.serves(digest) && !m.failed(digest)).count(),
        (int) reachable.stream().filter(Member::servesAnything).count(),
        count(census, Member.Reach.PENDING),
        count(census, Member.Reach.UNREACHABLE),
        census.unserved().size(),
        percent(reachable, digest),
        wanting.stream().mapToLong(member -> member.report().bytesDone()).sum(),
        wanting.stream().mapToLong(member -> member.report().bytesReused()).sum(),
        failed);
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

  /** Whether every node that counts serves the wanted revision. */
  boolean isUpdated() {
    return reachable > 0 && updated == reachable && pending == 0;
  }

  /** What the failed nodes have in common, else that they are too many. */
  Optional<Problem> failure() {
    if (failed.isEmpty()) {
      return Optional.empty();
    }
    Set<Reason> reasons =
        failed.stream().map(member -> member.report().reason()).collect(Collectors.toSet());
    Reason reason = reasons.size() == 1 ? reasons.iterator().next() : Reason.TooManyFailedNodes;
    Member first = failed.getFirst();
    String others = failed.size() == 1 ? "" : " (and " + (failed.size() - 1) + " more failed)";
    String why = first.report().message() == null ? reason.name() : first.report().message();
    return Optional.of(new Problem(reason, first.node() + ": " + why + others));
  }

  NodesStatus status() {
    return new NodesStatus(
        desired,
        downloading,
        verified,
        updated,
        failed.size(),
        unreachable,
        unserved,
        updated + "/" + desired);
  }

  /** At most 20; the time of a failure that was known before stays. */
  List<Failure> failures(List<Failure> before, Instant now) {
    return failed.stream().limit(20).map(member -> failure(member, before, now)).toList();
  }

  private static Failure failure(Member member, List<Failure> before, Instant now) {
    NodeReport report = member.report();
    String since =
        before.stream()
            .filter(known -> known.nodeName().equals(member.node()))
            .filter(known -> known.count() != null && known.count() == report.failures())
            .findFirst()
            .map(Failure::lastTime)
            .orElse(now.toString());
    return new Failure(
        member.node(), report.reason().name(), report.message(), report.failures(), since);
  }
}
