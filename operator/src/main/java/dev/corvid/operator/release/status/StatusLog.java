package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.log.LogEvent;
import dev.corvid.log.LogFields;
import dev.corvid.log.LogKey;
import dev.corvid.log.ReleaseLog;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.grant.RemovalLog;
import dev.corvid.operator.release.record.RevisionDisplayName;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one release, in the operator's log: a line for each difference between two of its
 * statuses that a person would ask about, and for what nodes are told to remove. Confined to the
 * release's reconciliation.
 */
public final class StatusLog {
  private final ReleaseLog log = ReleaseLog.of(StatusLog.class);
  private boolean deleting;

  /** The status is written. */
  public void changed(SwarmRelease release, SwarmReleaseStatus before, SwarmReleaseStatus next) {
    LogFields subject = of(release);
    LogFields asked = subject.and(LogKey.VERSION, release.getSpec().version());
    LogFields wanted = subject.and(named(next, next.updateRevision()));
    // The API server's default is no generation that there is.
    if (before.observedGeneration() == null || before.observedGeneration() < 1) {
      log.info(LogEvent.ReleaseSeen, asked);
    } else if (!Objects.equals(before.observedGeneration(), next.observedGeneration())) {
      log.info(LogEvent.SpecChanged, asked);
    }
    if (isNews(before.updateRevision(), next.updateRevision())) {
      log.info(LogEvent.RevisionDecided, wanted.and(LogKey.FROM, before.currentRevision()));
    }
    if (isNews(wave(before), wave(next))) {
      log.info(LogEvent.WaveBegan, wanted.and(LogKey.WAVE, wave(next)));
    }
    if (isNews(before.currentRevision(), next.currentRevision())) {
      log.info(
          LogEvent.RolledOut,
          subject
              .and(named(next, next.currentRevision()))
              .and(LogKey.FROM, before.currentRevision()));
    }
    Conditions.changed(before.conditions(), next.conditions(), Conditions.READY)
        .ifPresent(ready -> turned(ready, wanted));
  }

  /** A look at a release that is being deleted is over. */
  public void deletion(SwarmRelease release, boolean done) {
    if (!deleting) {
      deleting = true;
      log.info(
          LogEvent.DeletionBegan,
          of(release).and(LogKey.REASON, release.getSpec().deletionPolicy()));
    }
    if (done) {
      log.info(LogEvent.ReleaseDeleted, of(release));
    }
  }

  /**
   * Nodes are told to remove it.
   *
   * @param removals newly signed, each for some of the nodes
   * @param reason why, by node
   */
  public void ordered(SwarmRelease release, List<Grant> removals, Function<String, String> reason) {
    RemovalLog.ordered(log, of(release), removals, reason);
  }

  private void turned(Condition ready, LogFields subject) {
    LogFields fields = subject.and(LogKey.REASON, ready.getReason());
    LogEvent event = event(ready);
    if (event == LogEvent.ReleaseFailed) {
      log.warn(event, ready.getMessage(), fields);
    } else {
      log.info(event, ready.getMessage(), fields);
    }
  }

  private static LogEvent event(Condition ready) {
    String reason = ready.getReason();
    if ("True".equals(ready.getStatus())) {
      return LogEvent.ReleaseReady;
    } else if (reason.equals(Reason.Progressing.name()) || reason.equals(Reason.Deleting.name())) {
      return LogEvent.ReleaseProgressing;
    } else if (reason.equals(Reason.Paused.name()) || reason.equals(Reason.Suspended.name())) {
      return LogEvent.ReleaseHeld;
    }
    return LogEvent.ReleaseFailed;
  }

  private static LogFields named(SwarmReleaseStatus status, @Nullable String revision) {
    return LogFields.NONE
        .and(LogKey.REVISION, revision)
        .and(LogKey.VERSION, RevisionDisplayName.version(status.history(), revision));
  }

  private static @Nullable String wave(SwarmReleaseStatus status) {
    var wave = status.wave();
    return wave == null ? null : "%s (%d of %d)".formatted(wave.name(), wave.index(), wave.total());
  }

  private static boolean isNews(@Nullable Object before, @Nullable Object next) {
    return next != null && !next.equals(before);
  }

  private static LogFields of(SwarmRelease release) {
    return LogFields.of(LogKey.RELEASE, ResourceNames.nameOf(release))
        .and(LogKey.UID, release.getMetadata().getUid());
  }
}
