package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The reachable nodes that failed to get a revision, with why. One that tries again has still
 * failed until it holds the revision: else every attempt would let others switch.
 *
 * @param digest of the revision's manifest
 * @param byNode in the order of names
 */
record Failures(String digest, Map<String, Failure> byNode) {
  static final Failures NONE = new Failures("", Map.of());

  /** The count of a node that has not failed, though something is to be said of it. */
  static final int NONE_FAILED = 0;

  /** Those that a status tells of, after a restart; others that it names are none. */
  static Failures recorded(SwarmReleaseStatus status, String digest) {
    Map<String, Failure> byNode = new TreeMap<>();
    status.failures().stream()
        .filter(failure -> !Reason.PeerMissing.name().equals(failure.reason()))
        .filter(failure -> failure.count() != null && failure.count() > NONE_FAILED)
        .forEach(failure -> byNode.put(failure.nodeName(), failure));
    return new Failures(digest, byNode);
  }

  /** Those of now; those of another revision are forgotten. */
  Failures next(String wanted, Census census, Instant now) {
    Map<String, Failure> known = wanted.equals(digest) ? byNode : Map.of();
    Map<String, Failure> failures = new TreeMap<>();
    for (Member member : census.reachable()) {
      Failure before = known.get(member.node());
      if (member.failed(wanted)) {
        failures.put(member.node(), failure(member.node(), member.report(), before, now));
      } else if (before != null && !member.holds(wanted)) {
        failures.put(member.node(), before);
      }
    }
    return new Failures(wanted, failures);
  }

  private static Failure failure(String node, NodeReport report, Failure before, Instant now) {
    boolean same = before != null && Integer.valueOf(report.failures()).equals(before.count());
    String since = same ? before.lastTime() : now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new Failure(node, report.reason().name(), report.message(), report.failures(), since);
  }

  Set<String> nodes() {
    return byNode.keySet();
  }

  int count() {
    return byNode.size();
  }

  /**
   * What is said of them when they are more than may: their own reason if none may fail and all
   * have the same, else that they are too many.
   */
  Optional<Problem> tooMany(int allowed) {
    if (count() <= allowed) {
      return Optional.empty();
    }
    Failure first = byNode.values().iterator().next();
    List<String> reasons = byNode.values().stream().map(Failure::reason).distinct().toList();
    String why = first.message() == null ? first.reason() : first.message();
    String others = count() == 1 ? "" : " (and " + (count() - 1) + " more failed)";
    String text = first.nodeName() + ": " + why + others;
    if (allowed == 0 && reasons.size() == 1) {
      return Optional.of(new Problem(Reason.valueOf(first.reason()), text));
    }
    String counted = "%d nodes failed, %d may: ".formatted(count(), allowed);
    return Optional.of(new Problem(Reason.TooManyFailedNodes, counted + text));
  }
}
