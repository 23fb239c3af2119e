package dev.corvid.operator.release.state;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.KnownRecords;
import dev.corvid.operator.release.rollout.EarlierHolders;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalRate;
import dev.corvid.operator.release.status.EventSeries;
import dev.corvid.operator.release.status.LastReportedStatus;
import dev.corvid.operator.release.status.StatusLog;
import dev.corvid.operator.release.step.Clocks;
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
public final class ReconcileState {
  private final Clocks clocks;
  private final StatusLog log = new StatusLog();
  private final SeederAttempts seeder = new SeederAttempts();
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

  public ReconcileState(Clocks clocks) {
    this.clocks = clocks;
  }

  public StatusLog log() {
    return log;
  }

  /** Nodes that failed, as of the last look; empty after a restart. */
  public Optional<NodeFailures> failures() {
    return Optional.ofNullable(failures);
  }

  public void failed(NodeFailures nodes) {
    failures = nodes;
  }

  /** Its attempts to have a seeder. */
  public SeederAttempts seeder() {
    return seeder;
  }

  public StatusHistory statuses() {
    return statuses;
  }

  /** How many of the nodes that leave may be told within a minute. */
  public RemovalRate removalRate() {
    return removalRate;
  }

  /** Another look at the release begins. */
  public void begin(SwarmRelease seen) {
    recordedTimes.begin();
    steps.begin(seen, now().uptime());
  }

  /** This moment, and what moments of earlier processes are by its clock. */
  public ReconcileTime now() {
    return clocks.now(recordedTimes);
  }

  public ReconcileSteps steps() {
    return steps;
  }

  public EarlierHolders earlierHolders() {
    return earlierHolders;
  }

  public KnownRecords records() {
    return records;
  }

  /** The last one that this process wrote, or believed at its first look; empty before that. */
  public Optional<SwarmReleaseStatus> status() {
    return Optional.ofNullable(status);
  }

  public SwarmReleaseStatus remember(SwarmReleaseStatus own) {
    status = own;
    return own;
  }

  public EventSeries events() {
    return events;
  }

  /** The status that was told of. */
  public LastReportedStatus lastReported() {
    return lastReported;
  }

  /** When the nodes were first told to remove it. */
  public Uptime removing(Uptime now) {
    removalSince = removalSince == null ? now : removalSince;
    return removalSince;
  }
}
