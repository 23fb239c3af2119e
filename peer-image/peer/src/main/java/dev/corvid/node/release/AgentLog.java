package dev.corvid.node.release;

import dev.corvid.log.LineBudget;
import dev.corvid.log.LogEvent;
import dev.corvid.log.LogFields;
import dev.corvid.log.LogKey;
import dev.corvid.log.ReleaseLog;
import dev.corvid.store.Release;
import dev.corvid.store.Revision;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an agent did to its release on this node, in the log: what was placed, switched, mended and
 * removed, by which grant. Nothing is logged for what was so before. Belongs to the agent.
 */
final class AgentLog {
  private static final Logger LOGGER = Logger.getLogger(ReleaseAgent.class.getName());

  private final NodeContext node;
  private final ReleaseLog log;
  private final Set<String> damaged = new HashSet<>();
  private LogFields subject = LogFields.NONE;
  private @Nullable Content coming;
  private long began;
  private @Nullable NodeProblem lastFailure;

  AgentLog(NodeContext node) {
    this.node = node;
    this.log = new ReleaseLog(LOGGER, new LineBudget(node::nanoTime));
  }

  /** What follows is done because of this grant. */
  void obeys(Grant grant) {
    subject =
        LogFields.of(LogKey.RELEASE, grant.release())
            .and(LogKey.UID, grant.releaseUid())
            .and(LogKey.ROOT, grant.root())
            .and(LogKey.NODE, node.name())
            .and(LogKey.GRANT, grant.reign() + "." + grant.epoch());
    lastFailure = null;
  }

  /** The content begins to come, from the network or from another release of this node. */
  void begins(Content content) {
    if (!content.equals(coming)) {
      coming = content;
      began = node.nanoTime();
      log.info(LogEvent.DownloadBegan, of(content).and(LogKey.BYTES, content.sizeBytes()));
    }
  }

  /** The content is held: that is news only if it came. */
  void holds(Content content) {
    if (content.equals(coming)) {
      Duration took = Duration.ofNanos(node.nanoTime() - began);
      log.info(
          LogEvent.Placed,
          of(content).and(LogKey.BYTES, content.sizeBytes()).and(LogKey.SECONDS, took.toSeconds()));
      repaired(content); // so little was left of it that all of it came again
    }
    coming = null;
    lastFailure = null;
  }

  /**
   * @param from what current pointed to; empty for nothing
   */
  void switched(Optional<Revision> from, Revision to) {
    log.info(
        LogEvent.Switched,
        subject
            .and(LogKey.FROM, from.map(each -> each.content().revision()).orElse(null))
            .and(LogKey.TO, to.content().revision()));
  }

  /** Told of each damage as often as it is looked at, and logged once until it is mended. */
  void damaged(Content content, String what) {
    if (damaged.add(content.revision())) {
      node.damage().found();
      log.warn(LogEvent.DamageFound, LogEvent.DamageFound.message() + ": " + what, of(content));
    }
  }

  void repaired(Content content) {
    if (damaged.remove(content.revision())) {
      node.damage().repaired();
      log.info(LogEvent.DamageMended, of(content));
    }
  }

  /** Once for each cause: at the first attempt, and at the second, fourth, eighth … */
  void failed(NodeProblem problem, int attempts, Duration pause, Exception cause) {
    boolean isNew = lastFailure == null || lastFailure.reason() != problem.reason();
    lastFailure = problem;
    if (isNew || Integer.bitCount(attempts) == 1) {
      log.warn(
          LogEvent.PlacementFailed,
          "%s; attempt %d, the next one is in %d s"
              .formatted(problem.message(), attempts, pause.toSeconds()),
          subject.and(LogKey.REASON, problem.reason()),
          cause instanceof StoreException ? null : cause);
    }
  }

  /** What is on the disk of a release, to be compared with what is left after a step. */
  static Set<String> revisions(Release release) {
    return release.state().revisions().stream()
        .map(stored -> stored.content().revision())
        .collect(Collectors.toSet());
  }

  /**
   * A step of clean-up is over.
   *
   * @param before the {@link #revisions} that there were
   * @param reason why what is missing now was removed
   */
  void cleanedUp(Set<String> before, Release release, String reason) {
    Set<String> gone = new HashSet<>(before);
    gone.removeAll(revisions(release));
    gone.stream()
        .sorted()
        .forEach(
            revision -> {
              damaged.remove(revision);
              log.info(
                  LogEvent.RevisionRemoved,
                  subject.and(LogKey.REVISION, revision).and(LogKey.REASON, reason));
            });
  }

  /**
   * A removal was obeyed.
   *
   * @param before the {@link #revisions} that there were
   * @param again whether an earlier removal had been obeyed
   */
  void removed(Set<String> before, boolean again, Release release) {
    coming = null;
    if (!before.isEmpty() && revisions(release).isEmpty()) {
      damaged.clear();
      log.info(LogEvent.ReleaseRemoved, subject.and(LogKey.REASON, "RemovalGranted"));
    } else if (!before.isEmpty() && !again) {
      log.info(LogEvent.ReleaseLeft, subject.and(LogKey.REASON, DeletionPolicy.RETAIN));
    }
  }

  private LogFields of(Content content) {
    return subject.and(LogKey.REVISION, content.revision());
  }
}
