package dev.corvid.node.check;

import dev.corvid.wire.Reason;
import dev.corvid.wire.node.NodeReport;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How far this node's clock is from the tracker's, by the {@code Date} of its answers (RFC 9110,
 * 6.6.1). A difference is said, and stops nothing: no transfer depends on a clock. Thread-safe.
 */
public final class ClockCheck {
  /** As tokens are checked with. */
  static final Duration HARMLESS = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final AtomicBoolean turned = new AtomicBoolean();
  private volatile Duration ahead = Duration.ZERO;

  public ClockCheck(InstantSource clock) {
    this.clock = clock;
  }

  /** Looks at an answer that has just come. */
  public void answered(HttpHeaders headers) {
    var date = headers.firstValue("Date");
    if (date.isEmpty()) {
      return;
    }
    try {
      Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get(), Instant::from);
      boolean wasOff = isOff();
      ahead = Duration.between(theirs, clock.instant());
      if (wasOff != isOff()) {
        turned.set(true);
      }
    } catch (DateTimeException e) {
      // what is no date tells nothing
    }
  }

  /** Whether, since the last call, the clock was found wrong, or right again. */
  public boolean turned() {
    return turned.getAndSet(false);
  }

  /** The report, with what is wrong with the clock if nothing worse is to be said. */
  public NodeReport annotate(NodeReport report) {
    return isOff() && report.reason() == null
        ? report.noting(Reason.ClockSkew, complaint())
        : report;
  }

  private boolean isOff() {
    return ahead.abs().compareTo(HARMLESS) > 0;
  }

  private String complaint() {
    return "the clock of this node is %d minutes %s that of the tracker's node: set it right, and keep"
            .formatted(ahead.abs().toMinutes(), ahead.isNegative() ? "behind" : "ahead of")
        + " it so by NTP; transfers continue";
  }
}
