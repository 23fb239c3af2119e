package dev.corvid.operator.release.seeder;

import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.wire.grant.Content;
import java.util.Optional;

/**
 * Whether a release needs a seeder: as long as its content is not known, then until enough nodes
 * hold it, and again when nobody does.
 */
public final class SeederPolicy {
  /** This many whole copies spread further without a seeder. */
  static final int COPIES = 3;

  private SeederPolicy() {}

  /**
   * @param target what the source became; empty as long as nobody has fetched it
   * @param running whether there is a seeder now
   */
  public static boolean of(Optional<Content> target, NodeSelection selection, boolean running) {
    if (target.isEmpty()) {
      return !selection.desired().isEmpty();
    }
    long holders = selection.holders(target.get().manifestDigest());
    int reachable = selection.reachable().size();
    if (running) {
      return !selection.isSettled() || holders < Math.min(COPIES, reachable);
    }
    return selection.isSettled() && isAnswered(selection) && holders == 0;
  }

  /**
   * A release that came back from a backup has nodes that hold its content, and say so as soon as
   * they are told of it.
   */
  private static boolean isAnswered(NodeSelection selection) {
    return selection.reachable().stream().anyMatch(node -> node.report() != null);
  }
}
