package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.KnownRecords;
import dev.corvid.operator.release.rollout.EarlierHolders;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalRate;
import dev.corvid.operator.release.status.EventSeries;
import dev.corvid.operator.release.status.LastReportedStatus;
import dev.corvid.operator.release.status.StatusLog;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.step.RecordedTimes;
import dev.corvid.time.Uptime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of one release between two looks; nothing of it is needed to continue
 * after a restart. Confined to the release's reconciliation: never two at once.
 */
final class ReconcileState {
  private final Clocks clocks;
  private final StatusLog log = new StatusLog();
  private final SeederAttempts seeder = new SeederAttempts();
  private final VolumeChecks volume = new VolumeChecks();
  private final StatusHistory statuses = new StatusHistory();
  private @Nullable NodeFailures failures;
  private @Nullable Uptime removalSince;
  private final RemovalRate removalRate = new RemovalRate();
  private final ReconcileSteps steps = new ReconcileSteps();
  private final EventSeries events = new EventSeries();
  private final LastReportedStatus lastReported = new LastReportedStatus();
  private final RecordedTimes recordedTimes = new RecordedTimes();
  private final EarlierHolders earlierHolders = new EarlierHolders();
  private final KnownRecords records = new KnownRecords();
  private @Nullable SwarmReleaseStatus status;

  ReconcileState(Clocks clocks) {
    this.clocks = clocks;
  }

  StatusLog log() {
    return log;
  }

  /** Nodes that failed, as of the last look; empty after a restart. */
  Optional<NodeFailures> failures() {
    return Optional.ofNullable(failures);
  }

  void failed(NodeFailures nodes) {
    failures = nodes;
  }

  /** Its attempts to have a seeder. */
  SeederAttempts seeder() {
    return seeder;
  }

  /** Its volume, its claim, and who uses them. */
  VolumeChecks volume() {
    return volume;
  }

  StatusHistory statuses() {
    return statuses;
  }

  /** How many of the nodes that leave may be told within a minute. */
  RemovalRate removalRate() {
    return removalRate;
  }

  /** Another look at the release begins. */
  void begin(SwarmRelease seen) {
    recordedTimes.begin();
    steps.begin(seen, now().uptime());
  }

  /** This moment, and what moments of earlier processes are by its clock. */
  ReconcileTime now() {
    return clocks.now(recordedTimes);
  }

  ReconcileSteps steps() {
    return steps;
  }

  EarlierHolders earlierHolders() {
    return earlierHolders;
  }

  KnownRecords records() {
    return records;
  }

  /** The last one that this process wrote, or believed at its first look; empty before that. */
  Optional<SwarmReleaseStatus> status() {
    return Optional.ofNullable(status);
  }

  SwarmReleaseStatus remember(SwarmReleaseStatus own) {
    status = own;
    return own;
  }

  EventSeries events() {
    return events;
  }

  /** The status that was told of. */
  LastReportedStatus lastReported() {
    return lastReported;
  }

  /** When the nodes were first told to remove it. */
  Uptime removing(Uptime now) {
    removalSince = removalSince == null ? now : removalSince;
    return removalSince;
  }
}
