package dev.corvid.operator.release.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseTimersTest {
  private static final Optional<Duration> SOON = Optional.of(Duration.ofMillis(1));
  private static final Optional<Duration> LATE = Optional.of(Duration.ofHours(1));

  private final ResourceID one = new ResourceID("one", "search");
  private final ResourceID other = new ResourceID("other", "search");
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ReleaseTimers timers = new ReleaseTimers(Duration.ofMillis(1));

  @BeforeEach
  void start() {
    timers.setEventHandler(events::add);
    timers.start();
  }

  @AfterEach
  void stop() {
    timers.stop();
  }

  @Test
  void wakeTheReleaseAfterItsPause() throws Exception {
    timers.set(one, SOON);

    assertThat(woken()).isEqualTo(one);
  }

  @Test
  void haveOnePauseForEachRelease() throws Exception {
    timers.set(one, LATE);
    timers.set(one, LATE);
    timers.set(other, LATE);
    assertThat(timers.count()).isEqualTo(2);

    timers.set(other, Optional.empty());
    assertThat(timers.count()).isEqualTo(1);
    timers.set(one, SOON);
    assertThat(woken()).isEqualTo(one);
    assertThat(timers.count()).isZero();
  }

  /** Else nothing would wake it until an event comes. */
  @Test
  void wakeAgainWhatCouldNotBeWoken() throws Exception {
    var failures = new LinkedBlockingQueue<>(List.of("the first", "the second"));
    timers.setEventHandler(
        event -> {
          if (failures.poll() != null) {
            throw new IllegalStateException("the framework is not well");
          }
          events.add(event);
        });

    timers.set(one, SOON);

    assertThat(woken()).isEqualTo(one);
    assertThat(timers.count()).isZero();
  }

  private ResourceID woken() throws InterruptedException {
    Event event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event.getRelatedCustomResourceID();
  }
}
