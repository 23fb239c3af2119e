package dev.corvid.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger counted = new AtomicInteger();
  private final Scrape scrape = new Scrape(() -> "count " + counted.incrementAndGet(), now::get);

  @Test
  void countsOnceASecondHoweverOftenItIsAsked() {
    for (int i = 0; i < 1000; i++) {
      assertThat(scrape.text()).isEqualTo("count 1");
    }

    now.addAndGet(TimeUnit.SECONDS.toNanos(1));

    assertThat(scrape.text()).isEqualTo("count 2");
    assertThat(scrape.text()).isEqualTo("count 2");
  }
}
