package dev.corvid.node;

import dev.corvid.store.Release;
import dev.corvid.store.Revision;
import dev.corvid.store.StoreException;
import dev.corvid.wire.Content;
import dev.corvid.wire.Grant;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Rank;
import dev.corvid.wire.SignedGrant;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What is said of a release: its agent writes it at every change of the stage, everybody reads it.
 */
final class Account {
  private static final Logger log = Logger.getLogger(Account.class.getName());

  private final NodeContext node;
  private final Lookout lookout;
  private volatile Standing standing;
  private volatile NodeReport superseded;
  private volatile SignedGrant proof;
  private Trouble noted;

  Account(NodeContext node, Lookout lookout) {
    this.node = node;
    this.lookout = lookout;
  }

  /** The state and the figures of now; none before a grant was obeyed. */
  Stream<NodeReport> reports() {
    return Stream.concat(
            Stream.ofNullable(standing).map(Standing::report), Stream.ofNullable(superseded))
        .map(report -> proof == null ? report : report.proving(proof));
  }

  /** Whether figures change by themselves. */
  boolean isMoving() {
    Standing now = standing;
    return now != null && now.isMoving();
  }

  /** Whether nothing is left to do unless a new grant comes. */
  boolean isOver() {
    Standing now = standing;
    return now != null && now.stage() instanceof Stage.Removed;
  }

  /**
   * Of that release nothing is here: the operator may continue from that rank. Of one at a time is
   * said so, until it is obeyed.
   *
   * @param here what is here under its name; null when that is not known
   */
  void superseded(Grant grant, Rank rank, Release here) {
    superseded = Standing.removed(grant, rank).ofNamespace(namespaceUid(here));
    node.changed();
  }

  /**
   * The operator is shown the grant that was obeyed, until it gives a higher one; null for none.
   */
  void prove(SignedGrant obeyed) {
    boolean isNews = !Objects.equals(proof, obeyed);
    proof = obeyed;
    if (isNews) {
      node.changed();
    }
  }

  /** Something was wrong that stops nothing, or is right again; said until the next grant. */
  void note(Trouble trouble) {
    noted = trouble;
  }

  /**
   * Where the release stands now.
   *
   * @param release null when its root could not be opened
   * @param share null when nothing is moved for it
   */
  void say(Grant wanted, Stage stage, Release release, Share share, int failures) {
    NodeReport refused = superseded;
    if (refused != null && refused.releaseUid().equals(wanted.releaseUid())) {
      superseded = null;
    }
    List<Revision> held = release == null ? List.of() : release.held();
    Content content = wanted.content();
    long reused =
        held.stream()
            .filter(revision -> revision.content().equals(content))
            .mapToLong(Revision::bytesReused)
            .sum();
    standing =
        new Standing(
            wanted,
            stage,
            share,
            active(release),
            held.stream().map(revision -> revision.content().manifestDigest()).toList(),
            reused,
            trouble(stage),
            failures,
            release == null ? wanted.namespaceUid() : namespaceUid(release));
    node.changed();
  }

  /** What has failed, or keeps it from going on, or was noted: the worst of it. */
  private Trouble trouble(Stage stage) {
    Trouble hindrance = lookout.watch(stage);
    return switch (stage) {
      case Stage.Failed(Trouble failure) -> failure;
      case Stage.Mending(Trouble damage) ->
          hindrance == null
              ? damage
              : new Trouble(damage.reason(), damage.message() + "; " + hindrance.message());
      default -> hindrance == null ? noted : hindrance;
    };
  }

  private static String namespaceUid(Release release) {
    return release == null ? null : release.state().contentNamespaceUid();
  }

  /** What {@code current} points to, for the report; null when that is nothing, or unknown. */
  private static String active(Release release) {
    try {
      return release == null
          ? null
          : release.active().map(revision -> revision.content().manifestDigest()).orElse(null);
    } catch (StoreException e) {
      log.log(Level.FINE, e, () -> "current of " + release + " cannot be read");
      return null;
    }
  }
}
