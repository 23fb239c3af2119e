package dev.corvid.node.tracker;

import dev.corvid.node.SimulatedTime;
import dev.corvid.tracker.PlayedTracker.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Between a node and its tracker: loses, delays, doubles and so reorders requests and answers, and
 * answers with an error although the tracker has taken the request, or never saw it. Long polls
 * wait here for news.
 */
final class FaultyNetwork {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final int[] ERRORS = {403, 429, 500, 502, 503};

  private final SimulatedTime time;
  private final RandomGenerator random;
  private final List<Runnable> parked = new ArrayList<>();
  private boolean faulty = true;

  FaultyNetwork(SimulatedTime time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  void faultsEnd() {
    faulty = false;
  }

  /**
   * @param known the sequence with which the answer waits for another one; -1 if it does not wait
   * @param doubles whether the request may arrive twice
   * @param then receives the answer, once; null when none came in time
   * @return gives up the answer
   */
  Runnable exchange(Supplier<Answer> request, long known, boolean doubles, Consumer<Answer> then) {
    var open = new AtomicBoolean(true);
    Consumer<Answer> once =
        answer -> {
          if (open.getAndSet(false)) {
            then.accept(answer);
          }
        };
    time.after(PATIENCE, () -> once.accept(null));
    if (happens(8)) {
      Answer refused = happens(2) ? null : error();
      time.after(delay(), () -> once.accept(refused)); // it never arrives
    } else {
      for (int copies = doubles && happens(10) ? 2 : 1; copies > 0; copies--) {
        time.after(delay(), () -> arrive(request, known, once, time.nanoTime()));
      }
    }
    return () -> once.accept(null);
  }

  /** The tracker may have news for who waits. */
  void wake() {
    List.copyOf(parked).forEach(this::unpark);
  }

  private void arrive(Supplier<Answer> request, long known, Consumer<Answer> once, long since) {
    Answer answer = request.get();
    boolean waits =
        known >= 0
            && answer.status().isEmpty()
            && answer.assignments().sequence() == known
            && time.nanoTime() - since < WINDOW.toNanos();
    if (waits) {
      Runnable again = () -> arrive(request, known, once, since);
      parked.add(again);
      time.after(WINDOW, () -> unpark(again));
    } else if (!happens(8)) {
      Answer arrives = happens(12) ? error() : answer;
      time.after(delay(), () -> once.accept(arrives));
    }
  }

  private void unpark(Runnable poll) {
    if (parked.remove(poll)) {
      poll.run();
    }
  }

  private boolean happens(int once) {
    return faulty && random.nextInt(once) == 0;
  }

  private Answer error() {
    return new Answer(null, OptionalInt.of(ERRORS[random.nextInt(ERRORS.length)]));
  }

  private Duration delay() {
    return Duration.ofMillis(1 + random.nextInt(happens(6) ? 60_000 : 500));
  }
}
