package dev.corvid.operator.release.seeder;

import dev.corvid.operator.release.seeder.SlotQueue.Need;
import dev.corvid.operator.release.seeder.SlotQueue.Waiting;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.ByteSize;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The slot of a seeder that runs. While others wait it is kept as long as the seeder moves {@link
 * #STEP} in each {@link #PATIENCE}, and never longer than {@link #TERM}: what a seeder says of
 * itself is its namespace's word. A seeder that failed gives its slot up sooner, because it only
 * waits for its next attempt:
 *
 * <pre>
 * its source is refused (digest, content, …)   at once
 * it cannot be reached, or the pod not run     after {@link #RETRIES} of that
 * it had to give a slot up before             and not before it has had this one for 1, 2, 4, 8 min
 * </pre>
 *
 * @param since when it was taken
 * @param moved when the seeder had last moved a step
 * @param bytes how many it had moved by then
 * @param failure why it has failed; null while it has not
 * @param failedSince when it failed first; null while it has not
 * @param turns how many slots it gave up because it had failed
 */
record SeederSlot(
    Need need,
    Uptime since,
    Uptime moved,
    long bytes,
    @Nullable Reason failure,
    @Nullable Uptime failedSince,
    int turns) {
  static final long STEP = 10 << 20;
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Enough for 20 GiB at 1 MiB/s. */
  static final Duration TERM = Duration.ofHours(6);

  /** Attempts follow each other within seconds at first. */
  static final Duration RETRIES = Duration.ofMinutes(1);

  /** Whoever fails again and again costs a pod each time. */
  private static final Duration SHORTEST_TURN = Duration.ofMinutes(1);

  private static final int MOST_DOUBLINGS = 3;

  private static final Set<Reason> RETRIED_SOON =
      EnumSet.of(
          Reason.SourceUnreachable,
          Reason.SourceAuthFailed,
          Reason.SeederUnschedulable,
          Reason.SeederFailed);

  /**
   * @param turns how many slots it gave up because it had failed
   */
  static SeederSlot taken(Need need, int turns, Uptime now) {
    return new SeederSlot(need, now, now, 0, null, null, turns);
  }

  SeederSlot needing(Need other) {
    return new SeederSlot(other, since, moved, bytes, failure, failedSince, turns);
  }

  /** A seeder that started again counts from less; that is no progress. */
  SeederSlot at(long reached, Uptime now) {
    if (reached - bytes >= STEP) {
      return new SeederSlot(need, since, now, reached, failure, failedSince, turns);
    }
    return reached < bytes
        ? new SeederSlot(need, since, moved, reached, failure, failedSince, turns)
        : this;
  }

  /**
   * @param reason null when it has not failed, or works again
   */
  SeederSlot failed(@Nullable Reason reason, Uptime now) {
    Uptime first = reason == null ? null : failedSince == null ? now : failedSince;
    return new SeederSlot(need, since, moved, bytes, reason, first, turns);
  }

  SeederSlot excused(Uptime now) {
    return new SeederSlot(need, since, now, bytes, failure, failedSince, turns);
  }

  /** When it may be another's. */
  Uptime due() {
    return earlier(yields(), earlier(moved.plus(PATIENCE), since.plus(TERM)));
  }

  private Uptime yields() {
    if (failure == null || failedSince == null) {
      return Uptime.MAX;
    }
    Uptime tried = failedSince.plus(RETRIED_SOON.contains(failure) ? RETRIES : Duration.ZERO);
    Uptime turn = since.plus(turn());
    return tried.isAfter(turn) ? tried : turn;
  }

  private Duration turn() {
    return turns == 0
        ? Duration.ZERO
        : SHORTEST_TURN.multipliedBy(1L << Math.min(turns - 1, MOST_DOUBLINGS));
  }

  private static Uptime earlier(Uptime one, Uptime other) {
    return one.isBefore(other) ? one : other;
  }

  boolean isDue(Uptime now) {
    return !now.isBefore(due());
  }

  Waiting givenUp(Uptime now) {
    if (!now.isBefore(yields())) {
      return new Waiting(
          need, "its seeder failed, and was stopped because other releases waited", turns + 1);
    }
    String why =
        now.isBefore(moved.plus(PATIENCE))
            ? "its seeder had a slot for %d hours while other releases waited"
                .formatted(TERM.toHours())
            : "its seeder moved less than %s in %d minutes while other releases waited, and was stopped: see whether the source answers"
                .formatted(ByteSize.format(STEP), PATIENCE.toMinutes());
    return new Waiting(need, why, turns);
  }
}
