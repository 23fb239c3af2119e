package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.NodeReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What reachable nodes say of themselves although they have not failed: that nothing comes and why,
 * that a clock is wrong, that a damaged file was replaced. Shown, and counted against nobody.
 */
final class Hindrances {
  private Hindrances() {}

  /**
   * @param before what was shown last: who is hindered still, is so since then
   */
  static List<Failure> of(Census census, List<Failure> before, Instant now) {
    return census.reachable().stream()
        .filter(Hindrances::isHindered)
        .map(member -> hindrance(member, before, now))
        .toList();
  }

  private static boolean isHindered(Member member) {
    return member.report() != null
        && member.report().reason() != null
        && member.report().state() != NodeReport.State.FAILED;
  }

  private static Failure hindrance(Member member, List<Failure> before, Instant now) {
    String reason = member.report().reason().name();
    String since =
        before.stream()
            .filter(known -> member.node().equals(known.nodeName()))
            .filter(known -> reason.equals(known.reason()))
            .map(Failure::lastTime)
            .findFirst()
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Failure(
        member.node(), reason, member.report().message(), Failures.NONE_FAILED, since);
  }
}
