package dev.corvid.swarm;

import dev.corvid.metainfo.Metainfo;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * How many bytes of info dictionaries a process holds while it fetches them, whatever the number of
 * torrents and of neighbours. A connection takes what the neighbour claims the dictionary to have
 * before it asks for a block; what does not fit waits, in the order in which it came. Small ones
 * have a share of their own, so that they never wait behind large ones. Thread-safe.
 *
 * <pre>
 * waiting -- it fits and is the first --> granted
 * any     -- release                  --> released
 * </pre>
 */
final class MetadataBudget {
  private static final int SMALL = 256 << 10;

  private final Share small;
  private final Share large;

  /**
   * @param heap bytes of memory, of which it takes less than a third
   */
  MetadataBudget(long heap) {
    small = new Share(Math.max(4 * SMALL, heap / 24));
    // Dictionaries of a hundred thousand files have some 10 MB.
    large = new Share(Math.min(Metainfo.MAX_INFO_BYTES, heap / 4));
  }

  /** Whether a dictionary of that size is taken at all. */
  boolean takes(int bytes) {
    return bytes <= large.most;
  }

  /**
   * @param granted runs on {@code executor} when the bytes may be fetched
   */
  Claim claim(int bytes, Executor executor, Runnable granted) {
    var claim = new Claim(bytes <= SMALL ? small : large, bytes, () -> executor.execute(granted));
    claim.share.add(claim);
    return claim;
  }

  /** What one connection may hold. */
  static final class Claim {
    private final Share share;
    private final int bytes;
    private final Runnable granted;

    private Claim(Share share, int bytes, Runnable granted) {
      this.share = share;
      this.bytes = bytes;
      this.granted = granted;
    }

    /** Whether others wait for what this one holds. */
    boolean isInTheWay() {
      return share.hasWaiting();
    }

    /** Gives it back, or waits no longer; a second time it does nothing. */
    void release() {
      share.release(this);
    }
  }

  private static final class Share {
    private final long most;
    private final ArrayDeque<Claim> waiting = new ArrayDeque<>();
    private final Set<Claim> held = new HashSet<>();
    private long used;

    Share(long most) {
      this.most = most;
    }

    synchronized void add(Claim claim) {
      waiting.add(claim);
      grant();
    }

    synchronized void release(Claim claim) {
      if (held.remove(claim)) {
        used -= claim.bytes;
      } else {
        waiting.remove(claim);
      }
      grant();
    }

    synchronized boolean hasWaiting() {
      return !waiting.isEmpty();
    }

    private void grant() {
      while (!waiting.isEmpty() && used + waiting.peek().bytes <= most) {
        var next = waiting.poll();
        used += next.bytes;
        held.add(next);
        next.granted.run();
      }
    }
  }
}
