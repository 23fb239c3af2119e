package dev.corvid.node.release;

import dev.corvid.node.torrent.Event.Alarm;
import dev.corvid.node.torrent.Mailbox;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a release makes no progress, so that it reports why within a minute. Runs at every
 * change of the stage, and at its own alarm. Not thread-safe.
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
   * @param progress a figure that grows while data arrives
   * @param why finds the cause, called when nothing arrives
   */
  StallDetector(
      Mailbox mailbox, LongSupplier progress, Supplier<NodeProblem> why, LongSupplier nanoTime) {
    this.mailbox = mailbox;
    this.progress = progress;
    this.why = why;
    this.nanoTime = nanoTime;
  }

  /** What blocks the release in this stage; null when it progresses, or has ended. */
  @Nullable NodeProblem watch(Stage stage) {
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
