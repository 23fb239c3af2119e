package dev.corvid.operator.release.watch;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes a release after a pause, of which it has one at most. The timer of the framework (JOSDK
 * 5.3.2) is a {@link java.util.Timer}, which goes by the wall clock: one that is set back by an
 * hour would hold every pause for that hour. Thread-safe.
 */
public final class ReleaseTimers extends SimpleInboundEventSource<SwarmRelease> {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseTimers.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

  private final Duration afterAFailure;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("alarms").factory());
  private final Map<ResourceID, Future<?>> pending = new ConcurrentHashMap<>();

  public ReleaseTimers() {
    this(AFTER_A_FAILURE);
  }

  /**
   * @param afterAFailure the pause after a wake-up that failed
   */
  ReleaseTimers(Duration afterAFailure) {
    super("alarms");
    this.afterAFailure = afterAFailure;
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Wakes the release after that pause, and no longer after an earlier one.
   *
   * @param pause empty for never
   */
  public void set(ResourceID release, Optional<Duration> pause) {
    pending.compute(
        release,
        (_, before) -> {
          if (before != null) {
            before.cancel(false);
          }
          return pause.map(time -> schedule(release, time)).orElse(null);
        });
  }

  /** How many releases are to be woken. */
  public int count() {
    return pending.size();
  }

  private Future<?> schedule(ResourceID release, Duration pause) {
    return timer.schedule(() -> wake(release), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void wake(ResourceID release) {
    // One that was set this moment can no longer be cancelled then: it costs a look.
    pending.remove(release);
    try {
      propagateEvent(release);
    } catch (RuntimeException e) {
      LOG.error("The release {} could not be woken, next try in {}", release, afterAFailure, e);
      pending.computeIfAbsent(release, _ -> schedule(release, afterAFailure));
    }
  }

  @Override
  public void stop() {
    timer.shutdownNow();
    super.stop();
  }
}
