package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.KnownRecords;
import dev.corvid.operator.release.rollout.EarlierHolders;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalRate;
import dev.corvid.operator.release.seeder.SeederStartup;
import dev.corvid.operator.release.status.EventSeries;
import dev.corvid.operator.release.status.LastReportedStatus;
import dev.corvid.operator.release.status.StatusLog;
import dev.corvid.operator.release.step.Now;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.step.RecordedTimes;
import dev.corvid.operator.release.step.RetryPause;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this process remembers of one release between two looks; nothing of it is needed to go on
 * after a restart. Confined to the release's reconciliation: never two at once.
 */
final class ReconcileState {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration USER_CHECK = Duration.ofSeconds(10);

  private final StatusLog log = new StatusLog();
  private Uptime lastWrite;
  private int figureWrites;
  private Instant lastProgress;
  private Object progress;
  private NodeFailures failures;
  private Problem seederRefusal;
  private int seederAttempts;
  private Uptime nextSeederAt = Uptime.MIN;
  private Uptime seederDue = Uptime.MIN;
  private String seederSource;
  private Problem stoppedFor;
  private final SeederStartup seederStartup = new SeederStartup();
  private Uptime removalSince;
  private Uptime nextUserCheck = Uptime.MIN;
  private Set<String> usedOn = Set.of();
  private Uptime nextVolumeCheck = Uptime.MIN;
  private VolumeUsers volumeUsers = VolumeUsers.NONE;
  private Problem mountProblem;
  private int mountAttempts;
  private Uptime nextMount = Uptime.MIN;
  private Set<String> seeders;
  private final RemovalRate removalRate = new RemovalRate();
  private final ReconcileSteps steps = new ReconcileSteps();
  private final EventSeries events = new EventSeries();
  private final LastReportedStatus lastReported = new LastReportedStatus();
  private final RecordedTimes recordedTimes = new RecordedTimes();
  private final EarlierHolders earlierHolders = new EarlierHolders();
  private final KnownRecords records = new KnownRecords();
  private SwarmReleaseStatus status;

  /**
   * Notes how far the release is; the time changes only when that does.
   *
   * @param recorded when it came that far, as an earlier process noted it; empty if it did not
   */
  Instant progressed(Object howFar, Optional<Instant> recorded, Instant now) {
    if (progress == null) {
      lastProgress = recorded.orElse(now);
    } else if (!Objects.equals(progress, howFar)) {
      lastProgress = now;
    }
    progress = howFar;
    return lastProgress;
  }

  StatusLog log() {
    return log;
  }

  Optional<Instant> lastProgress() {
    return Optional.ofNullable(lastProgress);
  }

  /** Nodes that failed, as of the last look; empty after a restart. */
  Optional<NodeFailures> failures() {
    return Optional.ofNullable(failures);
  }

  void failed(NodeFailures nodes) {
    failures = nodes;
  }

  Uptime lastWrite() {
    return lastWrite;
  }

  /** How many writes of this roll-out were of figures alone. */
  int figureWrites() {
    return figureWrites;
  }

  /**
   * @param transition whether it was of more than figures
   * @param begins whether another spec or revision begins
   */
  void wrote(Uptime now, boolean transition, boolean begins) {
    lastWrite = now;
    figureWrites = begins ? 0 : transition ? figureWrites : figureWrites + 1;
  }

  /** Why the last seeder could not be made, or does not start; null when nothing is known. */
  Problem seederProblem() {
    return seederRefusal != null ? seederRefusal : seederStartup.problem();
  }

  /** Of the seeder's pod that has not reported yet. */
  SeederStartup seederStartup() {
    return seederStartup;
  }

  Uptime nextSeederAt() {
    return nextSeederAt;
  }

  /** A seeder was made, or refused: the next attempt waits longer, 1 s at first, 1 min at most. */
  void attemptedSeeder(Problem refusal, Uptime now) {
    seederRefusal = refusal;
    nextSeederAt = now.plus(RetryPause.after(seederAttempts++, LONGEST_PAUSE));
  }

  /** There is no place for a seeder; the release is woken when there is one. */
  void seederWaits(Problem why) {
    seederRefusal = why;
  }

  /**
   * Notes what a seeder is made for: what is known of a seeder of another source, or with another
   * way to it, says nothing of this one.
   */
  void seederIsFor(String source) {
    if (!source.equals(seederSource)) {
      seederSource = source;
      seederRefusal = null;
      stoppedFor = null;
    }
  }

  /**
   * Its seeder had to give its place up.
   *
   * @param failure why that had failed; null when it had not, or a later one does better
   */
  void stopped(Problem failure) {
    stoppedFor = failure;
  }

  /** Why the seeder that was stopped had failed; null when none was, or it had not failed. */
  Problem stoppedFor() {
    return stoppedFor;
  }

  /** When its place may be another's, if others wait. */
  Uptime seederDue() {
    return seederDue;
  }

  void seederDueAt(Uptime due) {
    seederDue = due;
  }

  /** The seeder speaks, or none is needed, or the spec is another: start again without a pause. */
  void seederIsFine() {
    seederRefusal = null;
    seederAttempts = 0;
    nextSeederAt = Uptime.MIN;
  }

  /** Whether the pods that hold the volume are to be looked for again, without a reason. */
  boolean mayCheckVolume(Uptime now) {
    return !now.isBefore(nextVolumeCheck);
  }

  /** The pods that keep the volume as it was before the selector changed, when last looked. */
  VolumeUsers volumeHeldBy() {
    return volumeUsers;
  }

  void volumeHeldBy(VolumeUsers users, Uptime nextCheck) {
    volumeUsers = users;
    nextVolumeCheck = nextCheck;
  }

  /** The volume is as the selector wants it. */
  void volumeFits() {
    volumeHeldBy(VolumeUsers.NONE, Uptime.MIN);
  }

  Uptime nextVolumeCheck() {
    return nextVolumeCheck;
  }

  /** Whether it was not asked within the last ten seconds. */
  boolean mayAskForUsers(Uptime now) {
    return !now.isBefore(nextUserCheck);
  }

  Uptime nextUserCheck() {
    return nextUserCheck;
  }

  /** Nodes on which pods used the release when it was asked last. */
  Set<String> usedOn() {
    return usedOn;
  }

  void usedOn(Set<String> nodes, Uptime now) {
    usedOn = Set.copyOf(nodes);
    nextUserCheck = now.plus(USER_CHECK);
  }

  /** Whether volume or claim, if it is missing, may be made now. */
  boolean mayMakeVolume(Uptime now) {
    return !now.isBefore(nextMount);
  }

  Uptime nextMount() {
    return nextMount;
  }

  /** Why no pod can mount the release; null when that is not known. */
  Problem mountProblem() {
    return mountProblem;
  }

  /** Volume or claim could not be made: the next attempt waits longer, 1 min at most. */
  void notMountable(Problem problem, Uptime now) {
    mountProblem = problem;
    nextMount = now.plus(RetryPause.after(mountAttempts++, LONGEST_PAUSE));
  }

  /** Volume and claim have to wait for something that wakes the release. */
  void notYetMountable(Problem problem) {
    mountProblem = problem;
  }

  /** Volume or claim could be made, or is there. */
  void mountable() {
    mountProblem = null;
    mountAttempts = 0;
    nextMount = Uptime.MIN;
  }

  /**
   * Those of these pods that this process made, or found when it started. A forged pod is deleted
   * as soon as it is seen, so none was there by then. A pod that appears later is made by somebody
   * else, whatever owner it names.
   */
  List<Pod> ownSeeders(List<Pod> found) {
    if (seeders == null) {
      seeders = uids(found);
    }
    return found.stream().filter(pod -> seeders.contains(pod.getMetadata().getUid())).toList();
  }

  /** A seeder was made; those that are gone by now are forgotten. */
  void made(Pod seeder, List<Pod> found) {
    seeders.retainAll(uids(found));
    seeders.add(seeder.getMetadata().getUid());
  }

  private static Set<String> uids(List<Pod> pods) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** How many of the nodes that leave may be told within a minute. */
  RemovalRate removalRate() {
    return removalRate;
  }

  /** Another look at the release begins. */
  void begin(SwarmRelease seen, Now now) {
    recordedTimes.begin();
    steps.begin(seen, now.uptime());
  }

  ReconcileSteps steps() {
    return steps;
  }

  RecordedTimes recordedTimes() {
    return recordedTimes;
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
