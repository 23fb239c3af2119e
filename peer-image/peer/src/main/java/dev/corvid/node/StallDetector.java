package dev.corvid.node;

import dev.corvid.node.Event.Alarm;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sees to it that a release which does not come says why within a minute. It is asked at every
 * change of the stage, and by its own alarm. Not thread-safe.
 */
final class StallDetector {
  static final Duration PATIENCE = Duration.ofSeconds(40);
  static final Duration AGAIN = Duration.ofSeconds(15);

  private final Mailbox mailbox;
  private final LongSupplier progress;
  private final Supplier<NodeProblem> why;
  private final LongSupplier nanoTime;
  private long seen = -1;
  private long seenAt;

  /**
   * @param progress a figure that grows while anything comes
   * @param why what is in the way, asked when nothing comes
   */
  StallDetector(Mailbox mailbox, LongSupplier progress, Supplier<NodeProblem> why, LongSupplier nanoTime) {
    this.mailbox = mailbox;
    this.progress = progress;
    this.why = why;
    this.nanoTime = nanoTime;
  }

  /** What keeps the release in this stage; null when it is well, or has ended. */
  NodeProblem watch(Stage stage) {
    if (!stage.isOnItsWay()) {
      mailbox.cancel(Alarm.CHECK_PROGRESS);
      seen = -1;
      return null;
    }
    mailbox.wakeAfter(Alarm.CHECK_PROGRESS, AGAIN);
    long now = nanoTime.getAsLong();
    long figure = progress.getAsLong();
    if (figure != seen) {
      seen = figure;
      seenAt = now;
    }
    return now - seenAt < PATIENCE.toNanos() ? null : why.get();
  }
}
