package dev.corvid.telemetry;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Prometheus is answered. Some figures are counted when they are asked for, and anybody may
 * ask: an answer is given for a second to all. Thread-safe.
 */
final class Scrape {
  private static final long KEPT = Duration.ofSeconds(1).toNanos();

  private final Supplier<String> figures;
  private final LongSupplier nanoTime;
  private @Nullable String text;
  private long taken;

  Scrape(Supplier<String> figures, LongSupplier nanoTime) {
    this.figures = figures;
    this.nanoTime = nanoTime;
  }

  synchronized String text() {
    long now = nanoTime.getAsLong();
    if (text == null || now - taken >= KEPT) {
      text = figures.get();
      taken = now;
    }
    return text;
  }
}
