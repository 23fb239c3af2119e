package dev.corvid.operator.release.state;

import dev.corvid.time.Uptime;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of the statuses of a release: when one was written, and how far the
 * release was. Confined to the release's reconciliation.
 */
public final class StatusHistory {
  private @Nullable Uptime lastWrite;
  private int figureWrites;
  private @Nullable Instant lastProgress;
  private @Nullable Object progress;

  /**
   * Notes how far the release is; the time changes only when that does.
   *
   * @param recorded when it came that far, as an earlier process noted it; empty if it did not
   */
  public Instant progressed(Object howFar, Optional<Instant> recorded, Instant now) {
    Instant since =
        lastProgress == null ? recorded.orElse(now) : howFar.equals(progress) ? lastProgress : now;
    lastProgress = since;
    progress = howFar;
    return since;
  }

  public Optional<Instant> lastProgress() {
    return Optional.ofNullable(lastProgress);
  }

  public @Nullable Uptime lastWrite() {
    return lastWrite;
  }

  /** How many writes of this roll-out were of figures alone. */
  public int figureWrites() {
    return figureWrites;
  }

  /**
   * @param transition whether it was of more than figures
   * @param begins whether another spec or revision begins
   */
  public void wrote(Uptime now, boolean transition, boolean begins) {
    lastWrite = now;
    figureWrites = begins ? 0 : transition ? figureWrites : figureWrites + 1;
  }
}
