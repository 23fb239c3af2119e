package dev.corvid.operator.release.step;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a release's reconciliation, by name. One that fails becomes a {@link Problem} and is
 * tried again, each time after a longer pause or as soon as the spec changes; the other steps run
 * all the same, but for those that are within it. Confined to the release's reconciliation.
 */
public final class ReconcileSteps {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileSteps.class);
  public static final String WRITE_STATUS = "write its status";

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** How often a step must fail before anything is said of a failure that passes as a rule. */
  public static final int PATIENCE = 3;

  private static final int MAX_MESSAGE = 400;

  private final Map<String, Failure> failures = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private String release = "";
  private @Nullable Long generation;
  private @Nullable Uptime now;

  /**
   * @param next when it is tried again
   */
  private record Failure(Problem problem, int attempts, Uptime next) {
    boolean isTold() {
      return problem.needsSomebody() || attempts >= PATIENCE;
    }
  }

  /** Another look at the release begins. */
  public void begin(SwarmRelease seen, Uptime at) {
    failures.keySet().retainAll(taken); // a step that is no longer to be taken cannot fail
    if (!Objects.equals(generation, seen.getMetadata().getGeneration())) {
      failures.clear();
    }
    taken.clear();
    release = seen.getMetadata().getNamespace() + "/" + seen.getMetadata().getName();
    generation = seen.getMetadata().getGeneration();
    now = at;
  }

  /**
   * Takes a step, unless it failed a moment ago.
   *
   * @param name completes the sentence "the cluster refuses to …"
   */
  public void run(String name, Runnable step) {
    this.<@Nullable Void>get(
        name,
        null,
        () -> {
          step.run();
          return null;
        });
  }

  /**
   * The same, of a step with a result.
   *
   * @param otherwise its result when it is not taken or fails
   */
  public <T extends @Nullable Object> T get(String name, T otherwise, Supplier<T> step) {
    Failure before = failures.get(name);
    var begun = requireNonNull(now, "begin() comes first");
    if (before != null && begun.isBefore(before.next())) {
      taken.add(name);
      return otherwise;
    }
    try {
      T result = step.get();
      failures.remove(name);
      return result;
    } catch (RuntimeException e) {
      int attempts = before == null ? 1 : before.attempts() + 1;
      var failure =
          new Failure(
              problem(name, e),
              attempts,
              begun.plus(RetryPause.after(attempts - 1, LONGEST_PAUSE)));
      failures.put(name, failure);
      log(failure, before, e);
      return otherwise;
    } finally {
      taken.add(name); // not before: what the step itself tells must not be that it failed
    }
  }

  /** Whether it failed the last time that it was taken. */
  public boolean isFailing(String name) {
    return failures.containsKey(name);
  }

  /** What the first of the steps that failed should tell; null when nothing is to be told. */
  public @Nullable Problem problem() {
    return taken().filter(Failure::isTold).map(Failure::problem).findFirst().orElse(null);
  }

  /** When a step that failed is to be tried again. */
  public Optional<Uptime> next() {
    return taken().map(Failure::next).min(Uptime::compareTo);
  }

  /** How long until then. */
  public Optional<Duration> pause() {
    return next()
        .map(at -> requireNonNull(now, "begin() comes first").until(at))
        .map(pause -> pause.isPositive() ? pause : Duration.ofSeconds(1));
  }

  private Stream<Failure> taken() {
    return failures.entrySet().stream()
        .filter(failure -> taken.contains(failure.getKey()))
        .map(Map.Entry::getValue);
  }

  /**
   * What is told of a step that failed.
   *
   * @param name completes the sentence "the cluster refuses to …"
   */
  public static Problem problem(String name, Exception e) {
    if (e instanceof KubernetesClientException refused) {
      String words = ApiRefusal.words(refused);
      return ApiRefusal.isPassing(refused)
          ? new Problem(Reason.Progressing, "failed to %s; retrying: %s".formatted(name, words))
          : new Problem(
              Reason.RequestRefused, "the cluster refuses to %s: %s".formatted(name, words));
    }
    return new Problem(
        Reason.InternalError,
        "the operator failed to %s (see its log); retrying: %s"
            .formatted(name, Printable.text(e.toString(), MAX_MESSAGE)));
  }

  /** Once for each thing to tell; with a stack trace only what is a fault of this program. */
  private void log(Failure failure, @Nullable Failure before, RuntimeException e) {
    boolean told = before != null && before.isTold() && before.problem().equals(failure.problem());
    if (told || !failure.isTold()) {
      return;
    }
    String message = failure.problem().message();
    if (failure.problem().reason() == Reason.InternalError) {
      LOG.error("The release {}: {}", release, message, e);
    } else {
      LOG.warn("The release {}: {}", release, message);
    }
  }
}
