package dev.corvid.node.release;

import dev.corvid.node.check.GrantRefusal;
import dev.corvid.node.torrent.ActiveTorrent;
import dev.corvid.store.Release;
import dev.corvid.store.Revision;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the status of a release: its agent writes it at every change of the stage, any thread
 * reads it.
 */
final class StatusPublisher {
  private static final Logger log = Logger.getLogger(StatusPublisher.class.getName());

  private final NodeContext node;
  private final StallDetector stallDetector;
  private volatile @Nullable ReleaseStatus status;
  private volatile @Nullable NodeReport superseded;
  private volatile @Nullable SignedGrant proof;
  private @Nullable NodeProblem noted;

  StatusPublisher(NodeContext node, StallDetector stallDetector) {
    this.node = node;
    this.stallDetector = stallDetector;
  }

  /** The state and the figures of now; none before a grant was obeyed. */
  Stream<NodeReport> reports() {
    SignedGrant shown = proof;
    return Stream.concat(
            Stream.ofNullable(status).map(ReleaseStatus::report), Stream.ofNullable(superseded))
        .map(report -> shown == null ? report : report.proving(shown));
  }

  /** Whether figures change by themselves. */
  boolean isMoving() {
    ReleaseStatus now = status;
    return now != null && now.isMoving();
  }

  /** Whether nothing is left to do unless a new grant comes. */
  boolean isOver() {
    ReleaseStatus now = status;
    return now != null && now.stage() instanceof Stage.Removed;
  }

  /**
   * Refuses what is older than what was obeyed. Of a release that is not the one here, nothing is
   * left: that is reported, with the rank from which the operator has to continue; one such release
   * at a time, until it is obeyed. Either way the operator is shown the grant that was obeyed:
   * should it have a rank that the operator does not believe, its signature shows that it was
   * given.
   *
   * @param obeyed what this process obeyed; null when it obeyed nothing yet
   * @param signed the text of that
   * @param here what is here under its name; null when that is not known
   */
  void refused(
      Grant older, @Nullable Grant obeyed, @Nullable SignedGrant signed, @Nullable Release here) {
    node.refused(GrantRefusal.OLDER, older);
    if (obeyed == null || !older.releaseUid().equals(obeyed.releaseUid())) {
      superseded =
          ReleaseStatus.removed(older, highest(older.rank(), obeyed, here))
              .ofNamespace(namespaceUid(here));
      node.changed();
    }
    prove(obeyed == null && here != null ? here.state().grant() : signed);
  }

  /** Of what was obeyed under this name, and the given one. */
  private static Rank highest(Rank given, @Nullable Grant obeyed, @Nullable Release here) {
    Rank highest = given;
    if (obeyed != null && highest.isBelow(obeyed.rank())) {
      highest = obeyed.rank();
    }
    if (here != null && highest.isBelow(here.state().rank())) {
      highest = here.state().rank();
    }
    return highest;
  }

  /**
   * The operator is shown the grant that was obeyed, until it gives a higher one; null for none.
   */
  void prove(@Nullable SignedGrant obeyed) {
    boolean isNews = !Objects.equals(proof, obeyed);
    proof = obeyed;
    if (isNews) {
      node.changed();
    }
  }

  /** A problem that stops nothing, or is solved; reported until the next grant. */
  void note(@Nullable NodeProblem problem) {
    noted = problem;
  }

  /**
   * Publishes where the release is now.
   *
   * @param release null when its root could not be opened
   * @param activeTorrent null when it has none
   */
  void publish(
      Grant wanted,
      Stage stage,
      @Nullable Release release,
      @Nullable ActiveTorrent activeTorrent,
      int failures) {
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
    status =
        new ReleaseStatus(
            wanted,
            stage,
            activeTorrent,
            active(release),
            held.stream().map(revision -> revision.content().manifestDigest()).toList(),
            reused,
            problem(stage),
            failures,
            release == null ? wanted.namespaceUid() : namespaceUid(release));
    node.changed();
  }

  /** The worst of what failed, what blocks progress, and what was noted. */
  private @Nullable NodeProblem problem(Stage stage) {
    NodeProblem hindrance = stallDetector.watch(stage);
    return switch (stage) {
      case Stage.Failed(NodeProblem failure) -> failure;
      case Stage.Repairing(NodeProblem damage) ->
          hindrance == null
              ? damage
              : new NodeProblem(damage.reason(), damage.message() + "; " + hindrance.message());
      default -> hindrance == null ? noted : hindrance;
    };
  }

  private static @Nullable String namespaceUid(@Nullable Release release) {
    return release == null ? null : release.state().contentNamespaceUid();
  }

  /** What {@code current} points to, for the report; null when that is nothing, or unknown. */
  private static @Nullable String active(@Nullable Release release) {
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
