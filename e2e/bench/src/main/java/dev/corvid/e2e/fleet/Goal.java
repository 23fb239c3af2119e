package dev.corvid.e2e.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Something that every peer of some is to reach, once. Peers are looked at when they change. */
final class Goal {
  private final String what;
  private final Predicate<SimulatedPeer> met;
  private final Set<SimulatedPeer> missing = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Instant> reached = new CompletableFuture<>();

  Goal(String what, Collection<SimulatedPeer> peers, Predicate<SimulatedPeer> met) {
    this.what = what;
    this.met = met;
    missing.addAll(peers);
  }

  void look(SimulatedPeer peer) {
    if (missing.contains(peer) && met.test(peer)) {
      missing.remove(peer);
      if (missing.isEmpty()) {
        reached.complete(Instant.now());
      }
    }
  }

  /** When the last one reached it. */
  Instant await(Duration atMost) throws InterruptedException {
    try {
      return reached.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(
          "%s: %d nodes do not within %d s, such as %s"
              .formatted(
                  what,
                  missing.size(),
                  atMost.toSeconds(),
                  missing.stream()
                      .limit(3)
                      .map(SimulatedPeer::toString)
                      .collect(Collectors.joining(", "))),
          e);
    }
  }
}
