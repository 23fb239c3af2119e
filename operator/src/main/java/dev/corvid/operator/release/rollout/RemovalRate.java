package dev.corvid.operator.release.rollout;

import dev.corvid.time.Uptime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Admits a tenth of the nodes, rounded up, to a removal within a minute: a mistake is seen before
 * it has reached every node. Confined to one thread at a time.
 */
public final class RemovalRate {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int SHARE = 10;

  private final Map<String, Uptime> told = new HashMap<>();

  /**
   * Whether the node may be told now. One that was admitted within the minute is, and counts once.
   *
   * @param of the nodes of which a tenth may be told
   */
  public boolean admits(String node, int of, Uptime now) {
    told.values().removeIf(at -> !now.isBefore(at.plus(WINDOW)));
    if (told.containsKey(node)) {
      return true;
    }
    if (told.size() >= Math.max(1, Math.ceilDiv(of, SHARE))) {
      return false;
    }
    told.put(node, now);
    return true;
  }

  /** When there is room for another one; empty while all of it is free. */
  Optional<Uptime> roomAt() {
    return told.values().stream().min(Uptime::compareTo).map(at -> at.plus(WINDOW));
  }
}
