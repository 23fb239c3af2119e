package dev.corvid.tracker;

import io.helidon.webserver.http.ServerRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Room for the large messages of nodes: so much of the heap, and one message of a node at a time.
 * Small ones, the usual case, need none. Thread-safe.
 */
final class LargeBodies {
  private static final int UNIT = 64 << 10;
  private static final long PATIENCE_SECONDS = 5;

  private final Set<String> reading = ConcurrentHashMap.newKeySet();
  private final Semaphore room;
  private final int units;

  /**
   * @param bytes of the heap; one message may come however large it is
   */
  LargeBodies(long bytes) {
    units = (int) Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    room = new Semaphore(units, true);
  }

  /**
   * @param limit bytes
   */
  <T> T read(ServerRequest request, String node, Class<T> type, int limit)
      throws Refused, InterruptedException {
    int wanted = (int) Math.min(request.headers().contentLength().orElse(limit), limit) / UNIT;
    if (wanted == 0) {
      return Body.read(request, type, limit);
    }
    if (!reading.add(node)) {
      throw new Refused(Refusal.BUSY, "another large message of node " + node + " is being read");
    }
    try {
      return read(request, type, limit, Math.min(wanted, units));
    } finally {
      reading.remove(node);
    }
  }

  private <T> T read(ServerRequest request, Class<T> type, int limit, int wanted)
      throws Refused, InterruptedException {
    if (!room.tryAcquire(wanted, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new Refused(
          Refusal.BUSY,
          "there is no room for a large message now; ask again, or give the tracker"
              + " more memory");
    }
    try {
      return Body.read(request, type, limit);
    } finally {
      room.release(wanted);
    }
  }
}
