package dev.corvid.tracker;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Room for the large messages of nodes: so much of the heap, and one message of a node at a time.
 * Small ones, the usual case, need none. A message is large once more than {@value #SMALL} bytes of
 * it have come, expanded if it is compressed; from then on it has room for all that it may become.
 * It never waits for more while it holds some, so no two can wait for each other. Thread-safe.
 */
final class LargeBodies {
  private static final int SMALL = 64 << 10;
  private static final int UNIT = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Of deflate: two bits stand for a match of 258 bytes at best. */
  private static final int MOST_EXPANSION = 1032;

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
      throws RequestRejected, InterruptedException {
    try (var reservation = new Reservation(node, most(request, limit))) {
      return RequestBody.read(request, type, limit, SMALL, reservation::take);
    }
  }

  /** The bytes that the message may have once it is expanded. */
  private static long most(ServerRequest request, int limit) {
    long length = request.headers().contentLength().orElse(limit);
    boolean compressed = request.headers().contains(HeaderNames.CONTENT_ENCODING);
    return compressed
        ? Math.min(limit, Math.min(length, limit) * MOST_EXPANSION)
        : Math.min(limit, length);
  }

  /** The room of one message, if it turns out to need any. */
  private final class Reservation implements AutoCloseable {
    private final String node;
    private final int wanted;
    private boolean reads;
    private boolean taken;

    Reservation(String node, long bytes) {
      this.node = node;
      this.wanted = (int) Math.min((bytes + UNIT - 1) / UNIT, units);
    }

    void take() throws RequestRejected, InterruptedException {
      reads = reading.add(node);
      if (!reads) {
        throw new RequestRejected(
            RejectionKind.BUSY, "another large message of node " + node + " is being read");
      }
      taken = room.tryAcquire(wanted, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      if (!taken) {
        throw new RequestRejected(
            RejectionKind.BUSY,
            "there is no room for a large message now; ask again, or give the tracker"
                + " more memory");
      }
    }

    @Override
    public void close() {
      if (taken) {
        room.release(wanted);
      }
      if (reads) {
        reading.remove(node);
      }
    }
  }
}
