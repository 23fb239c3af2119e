package dev.corvid.operator.release.state;

import static java.util.Objects.requireNonNull;

import dev.corvid.operator.release.seeder.SeederStartup;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.RetryPause;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of its attempts to give a release a seeder. Confined to the release's
 * reconciliation.
 */
public final class SeederAttempts {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final SeederStartup startup = new SeederStartup();
  private @Nullable Problem refusal;
  private int count;
  private Uptime next = Uptime.MIN;
  private Uptime due = Uptime.MIN;
  private @Nullable String source;
  private @Nullable Problem stoppedFor;
  private @Nullable Set<String> own;

  /** Why the last seeder could not be made, or does not start; null when nothing is known. */
  public @Nullable Problem problem() {
    return refusal != null ? refusal : startup.problem();
  }

  /** Of the seeder's pod that has not reported yet. */
  public SeederStartup startup() {
    return startup;
  }

  /** When another seeder may be made. */
  public Uptime next() {
    return next;
  }

  /** A seeder was made, or refused: the next attempt waits longer, 1 s at first, 1 min at most. */
  public void attempted(@Nullable Problem why, Uptime now) {
    refusal = why;
    next = now.plus(RetryPause.after(count++, LONGEST_PAUSE));
  }

  /** There is no slot for a seeder; the release is woken when there is one. */
  public void waits(Problem why) {
    refusal = why;
  }

  /**
   * Notes what a seeder is made for: what is known of a seeder of another source, or with another
   * way to it, says nothing of this one.
   */
  public void isFor(String wanted) {
    if (!wanted.equals(source)) {
      source = wanted;
      refusal = null;
      stoppedFor = null;
    }
  }

  /**
   * Its seeder had to give its slot up.
   *
   * @param failure why that had failed; null when it had not, or a later one does better
   */
  public void stopped(@Nullable Problem failure) {
    stoppedFor = failure;
  }

  /** Why the seeder that was stopped had failed; null when none was, or it had not failed. */
  public @Nullable Problem stoppedFor() {
    return stoppedFor;
  }

  /** When its slot may be another's, if others wait. */
  public Uptime due() {
    return due;
  }

  public void dueAt(Uptime at) {
    due = at;
  }

  /**
   * The seeder reports, none is needed, or the spec changed: the next one starts without a pause.
   */
  public void areOver() {
    refusal = null;
    count = 0;
    next = Uptime.MIN;
  }

  /**
   * Those of these pods that this process made, or found when it first looked at the release. A pod
   * that appears later is made by somebody else, whatever owner it names. One that somebody made
   * before that first look, as while no operator ran, counts as well.
   */
  public List<Pod> own(List<Pod> found) {
    Set<String> known = own == null ? uids(found) : own;
    own = known;
    return found.stream().filter(pod -> known.contains(pod.getMetadata().getUid())).toList();
  }

  /** A seeder was made; those that are gone by now are forgotten. */
  public void made(Pod seeder, List<Pod> found) {
    Set<String> made = requireNonNull(own, "the pods were looked at");
    made.retainAll(uids(found));
    made.add(seeder.getMetadata().getUid());
  }

  private static Set<String> uids(List<Pod> pods) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
