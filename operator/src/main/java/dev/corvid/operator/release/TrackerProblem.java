package dev.corvid.operator.release;

import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.TrackerResources;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What releases report of a tracker that does not answer: that, once it has lasted, or at once that
 * the cluster refuses the tracker's pod, or what it needs. A tracker that answers is no problem,
 * even if its next version is refused. Thread-safe.
 */
public final class TrackerProblem {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_WORDS = 800;

  private final FleetCache fleetCache;
  private final Runnable changed;
  private volatile @Nullable Refusal refusal;

  /**
   * @param words the cluster's
   * @param ofUpdate whether an earlier version may run all the same, and be back in a moment
   */
  private record Refusal(String words, boolean ofUpdate) {}

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
   */
  public void ensure(TrackerResources tracker) {
    try {
      tracker.ensure();
    } catch (KubernetesClientException e) {
      if (ApiRefusal.isOfObject(e)) {
        noteRefused(tracker, e);
      }
      throw e;
    }
    note(ofPod(tracker));
  }

  private void noteRefused(TrackerResources tracker, KubernetesClientException e) {
    try {
      Refusal ofPod = ofPod(tracker);
      note(ofPod == null ? new Refusal(ApiRefusal.words(e), tracker.exist()) : ofPod);
    } catch (KubernetesClientException unread) {
      e.addSuppressed(unread);
      if (ApiRefusal.isOfObject(unread)) {
        note(new Refusal(ApiRefusal.words(e), true)); // it may run, for all that can be seen
      }
    }
  }

  private static @Nullable Refusal ofPod(TrackerResources tracker) {
    return tracker
        .podRefusal()
        .map(words -> new Refusal(Printable.text(words, MAX_WORDS), false))
        .orElse(null);
  }

  private void note(@Nullable Refusal noted) {
    if (!Objects.equals(noted, refusal)) {
      refusal = noted;
      changed.run();
    }
  }

  /** Null while the tracker answers, or has not been silent for long. */
  @Nullable Problem at(Uptime now) {
    Optional<Uptime> lost = fleetCache.lostSince();
    if (lost.isEmpty()) {
      return null;
    }
    boolean mayBeBack = now.isBefore(lost.get().plus(PATIENCE));
    Refusal refused = refusal;
    if (mayBeBack && (refused == null || refused.ofUpdate())) {
      return null;
    }
    if (refused != null) {
      String message =
          "the cluster refuses the tracker; transfers continue without it, new ones wait: "
              + refused.words();
      return new Problem(Reason.TrackerUnavailable, message, false);
    }
    return new Problem(
        Reason.TrackerUnavailable, "the tracker does not answer; transfers continue without it");
  }

  /** When silence becomes a problem. */
  Optional<Uptime> due() {
    return fleetCache.lostSince().map(since -> since.plus(PATIENCE));
  }
}
