package dev.corvid.operator.release.grant;

import dev.corvid.wire.grant.Rank;
import java.time.Duration;
import java.time.Instant;

/**
 * The reign in force and the time: what decides whether a rank that a node reports is followed.
 *
 * <pre>
 * the node's reign   its epoch                        what the operator does
 * below ours         any                              nothing: all that it signs ranks higher
 * ours               up to what was issued            keeps the grant, or signs one above it
 * ours               up to the limit, by the clock    signs once: the first time since its start just
 *                                                     above the report, later with the limit
 * ours               less than five minutes beyond    names the node; with proof: signs above it
 * ours               farther beyond                   names the node; with proof: reign + 1
 * above ours         any                              names the node; with proof: that reign
 * </pre>
 *
 * <p>The limit is 5 to 10 minutes ahead, at whole five minutes. As a later grant that follows a
 * report has the limit for its epoch, a node that invents epochs has grants signed again twice in
 * ten minutes at most, however often it speaks. Edits after such a grant are beyond the limit, each
 * by one, which an operator that has just started finds out by a proof.
 *
 * @param reign in force
 * @param now of the operator's clock
 * @param proven the highest epoch of this reign, less than five minutes beyond the limit, of which
 *     a node has shown the grant; 0 when there is none
 */
public record RankPolicy(long reign, Instant now, long proven) {
  static final Duration STEP = Duration.ofMinutes(5);

  public RankPolicy(long reign, Instant now) {
    this(reign, now, 0);
  }

  /** The highest epoch of this reign that a node is believed although it was not issued here. */
  long limit() {
    return (now.toEpochMilli() / STEP.toMillis() + 2) * STEP.toMillis();
  }

  /**
   * Whether a node may have obeyed that.
   *
   * @param issued the highest epoch of this reign that was issued for the release
   */
  public boolean believes(Rank reported, long issued) {
    return reported.reign() < reign
        || reported.reign() == reign && reported.epoch() <= Math.max(issued, highest());
  }

  /** The highest epoch that is followed. */
  private long highest() {
    return Math.max(limit(), proven + 1);
  }

  /**
   * The epoch of the next grants.
   *
   * @param issued see {@link #believes}
   * @param obeyed the highest that nodes are believed to have obeyed
   */
  long next(long issued, long obeyed) {
    if (issued == 0) {
      // What nodes hold is of this operator's earlier life. An epoch in the future would be above
      // that of a release that is created again, which has no reports, and so no say in this.
      return Math.max(now.toEpochMilli(), Math.min(Math.addExact(obeyed, 1), highest()));
    }
    return obeyed > issued ? highest() : Math.max(Math.addExact(issued, 1), now.toEpochMilli());
  }
}
