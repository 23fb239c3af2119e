package dev.corvid.operator.release;

import dev.corvid.operator.fleet.Census;
import dev.corvid.wire.Content;
import java.util.Optional;

/**
 * Whether a release needs a seeder: as long as its content is not known, then until enough nodes
 * hold it, and again when nobody does.
 */
final class SeederNeed {
  /** This many whole copies spread further without a seeder. */
  static final int COPIES = 3;

  private SeederNeed() {}

  /**
   * @param target what the source became; empty as long as nobody has fetched it
   * @param running whether there is a seeder now
   */
  static boolean of(Optional<Content> target, Census census, boolean running) {
    if (target.isEmpty()) {
      return !census.desired().isEmpty();
    }
    long holders = census.holders(target.get().manifestDigest());
    int reachable = census.reachable().size();
    if (running) {
      return !census.isSettled() || holders < Math.min(COPIES, reachable);
    }
    return census.isSettled() && isAnswered(census) && holders == 0;
  }

  /**
   * A release that came back from a backup has nodes that hold its content, and say so as soon as
   * they are told of it.
   */
  private static boolean isAnswered(Census census) {
    return census.reachable().stream().anyMatch(member -> member.report() != null);
  }
}
