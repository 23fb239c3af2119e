package dev.corvid.e2e.fleet;

import dev.corvid.wire.grant.Grant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long grants travel. A grant's epoch is the operator's wall clock, in milliseconds, when it
 * was decided, and here is the same clock: what arrives tells by itself how old it is. Thread-safe.
 */
final class Deliveries {
  private final Map<Recipient, Long> newest = new HashMap<>();
  private final List<Long> millis = new ArrayList<>();

  private record Recipient(String releaseUid, String node) {}

  /**
   * What a stretch of time delivered.
   *
   * @param grants how many
   * @param half half of them took no longer
   * @param last the one that took longest
   */
  record Delay(int grants, long half, long last) {}

  /** A grant arrived; one that comes again is not counted. */
  synchronized void arrived(String node, Grant grant, long wallClock) {
    var known = newest.put(new Recipient(grant.releaseUid(), node), grant.epoch());
    if (known == null || known < grant.epoch()) {
      millis.add(wallClock - grant.epoch());
    }
  }

  /** Of all since the last call. */
  synchronized Delay take() {
    Collections.sort(millis);
    var delay =
        millis.isEmpty()
            ? new Delay(0, 0, 0)
            : new Delay(millis.size(), millis.get(millis.size() / 2), millis.getLast());
    millis.clear();
    return delay;
  }
}
