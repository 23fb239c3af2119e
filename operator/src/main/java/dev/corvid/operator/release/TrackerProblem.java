package dev.corvid.operator.release;

import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What releases report of a tracker that does not answer: that, once it has lasted, or at once that
 * the cluster refuses the tracker. A tracker that answers is no problem, even if its next version
 * is refused. Thread-safe.
 */
public final class TrackerProblem {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_WORDS = 800;

  private final FleetCache fleetCache;
  private final Runnable changed;
  private volatile @Nullable String refusal;

  /**
   * @param changed told when the tracker is refused, or no longer
   */
  TrackerProblem(FleetCache fleetCache, Runnable changed) {
    this.fleetCache = fleetCache;
    this.changed = changed;
  }

  /**
   * Makes the tracker, and notes whether the cluster refuses it. An attempt that fails otherwise
   * leaves open whether it does.
   *
   * @param tracker makes it, and returns why its pod is refused; empty while it is not
   */
  public void ensure(Supplier<Optional<String>> tracker) {
    try {
      note(tracker.get().map(words -> Printable.text(words, MAX_WORDS)).orElse(null));
    } catch (KubernetesClientException e) {
      if (ApiRefusal.isOfObject(e)) {
        note(ApiRefusal.words(e));
      }
      throw e;
    }
  }

  private void note(@Nullable String words) {
    if (!Objects.equals(words, refusal)) {
      refusal = words;
      changed.run();
    }
  }

  /** Null while the tracker answers, or has not been silent for long. */
  @Nullable Problem at(Uptime now) {
    Optional<Uptime> lost = fleetCache.lostSince();
    if (lost.isEmpty()) {
      return null;
    }
    String words = refusal;
    if (words != null) {
      String message =
          "the cluster refuses the tracker; transfers continue without it, new ones wait: " + words;
      return new Problem(Reason.TrackerUnavailable, message, false);
    }
    return now.isBefore(lost.get().plus(PATIENCE))
        ? null
        : new Problem(
            Reason.TrackerUnavailable,
            "the tracker does not answer; transfers continue without it");
  }

  /** When silence becomes a problem. */
  Optional<Uptime> due() {
    return fleetCache.lostSince().map(since -> since.plus(PATIENCE));
  }
}
