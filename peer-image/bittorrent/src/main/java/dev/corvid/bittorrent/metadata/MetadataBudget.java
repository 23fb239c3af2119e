package dev.corvid.bittorrent.metadata;

import dev.corvid.bittorrent.metainfo.Metainfo;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of info dictionaries a process holds while it fetches them, whatever the number of
 * torrents and of neighbours. A connection takes what the neighbour claims the dictionary to have
 * before it asks for a block; what does not fit waits. Small ones have a share of their own, so
 * that they never wait behind large ones. Thread-safe.
 *
 * <p>The neighbours of one torrent have their turns in the order in which they came. Torrents are
 * served by self-clocked fair queueing (Golestani, 1994): each turn is charged to its torrent, more
 * for more bytes, and the torrent comes first that the next turn would leave with the least charge.
 * As the first dictionary that is the right one ends a torrent's turns, it is wasted turns that add
 * up: however many neighbours of a torrent claim the whole share, another torrent waits for the one
 * that has it now and at most one more. A new torrent begins at the charge of the last one served,
 * so that no number of them can shut out an old one.
 *
 * <pre>
 * waiting -- it fits and is the first --> granted
 * any     -- release                  --> released
 * </pre>
 */
public final class MetadataBudget {
  private static final int SMALL = 256 << 10;

  /** Charged for a turn beside its bytes: small or large, it can take a few seconds. */
  private static final long TURN = 2 << 20;

  private final Share small;
  private final Share large;

  /**
   * @param heap bytes of memory, of which it takes less than a third
   */
  public MetadataBudget(long heap) {
    small = new Share(Math.max(4 * SMALL, heap / 24));
    // Dictionaries of a hundred thousand files have some 10 MB.
    large = new Share(Math.min(Metainfo.MAX_INFO_BYTES, heap / 4));
  }

  /** Whether a dictionary of that size is taken at all. */
  boolean takes(int bytes) {
    return bytes > 0 && bytes <= (bytes <= SMALL ? small : large).most;
  }

  /** For one more torrent. */
  Claims claims() {
    return new Claims();
  }

  /** What the neighbours of one torrent claim. */
  final class Claims {
    private final Line ofSmall = new Line(small);
    private final Line ofLarge = new Line(large);

    private Claims() {}

    /**
     * @param bytes no more than is {@linkplain #takes taken}
     * @param granted runs on {@code executor} when the bytes may be fetched
     */
    Claim add(int bytes, Executor executor, Runnable granted) {
      if (!takes(bytes)) {
        throw new IllegalArgumentException(bytes + " bytes are never granted");
      }
      var line = bytes <= SMALL ? ofSmall : ofLarge;
      var claim = new Claim(line, bytes, () -> executor.execute(granted));
      line.share.add(claim);
      return claim;
    }
  }

  /** What one connection may hold. */
  static final class Claim {
    private final Line line;
    private final int bytes;
    private final Runnable granted;

    private Claim(Line line, int bytes, Runnable granted) {
      this.line = line;
      this.bytes = bytes;
      this.granted = granted;
    }

    /** Whether others wait for what this one holds. */
    boolean isInTheWay() {
      return line.share.hasWaiting();
    }

    /** Gives it back, or waits no longer; a second time it does nothing. */
    void release() {
      line.share.release(this);
    }
  }

  /** The claims of one torrent that wait for one share, and the charge for earlier ones. */
  private static final class Line {
    private final Share share;
    private final ArrayDeque<Claim> waiting = new ArrayDeque<>();
    private long charged;

    Line(Share share) {
      this.share = share;
    }

    long chargedAfterNext() {
      return charged + TURN + waiting.element().bytes;
    }
  }

  private static final class Share {
    private final long most;

    /** Those with claims that wait; among equals the first of them comes first. */
    private final LinkedHashSet<Line> lines = new LinkedHashSet<>();

    private final Set<Claim> held = new HashSet<>();
    private long used;

    /** The charge of the last one served, below which no torrent begins. */
    private long level;

    Share(long most) {
      this.most = most;
    }

    synchronized void add(Claim claim) {
      var line = claim.line;
      line.waiting.add(claim);
      if (lines.add(line)) {
        line.charged = Math.max(line.charged, level);
      }
      grant();
    }

    synchronized void release(Claim claim) {
      if (held.remove(claim)) {
        used -= claim.bytes;
      } else if (claim.line.waiting.remove(claim) && claim.line.waiting.isEmpty()) {
        lines.remove(claim.line);
      }
      grant();
    }

    synchronized boolean hasWaiting() {
      return !lines.isEmpty();
    }

    private void grant() {
      var first = first();
      while (first != null && used + first.waiting.element().bytes <= most) {
        first.charged = first.chargedAfterNext();
        level = Math.max(level, first.charged);
        var next = first.waiting.remove();
        lines.remove(first);
        if (!first.waiting.isEmpty()) {
          lines.add(first);
        }
        used += next.bytes;
        held.add(next);
        next.granted.run();
        first = first();
      }
    }

    private @Nullable Line first() {
      Line first = null;
      for (var line : lines) {
        if (first == null || line.chargedAfterNext() < first.chargedAfterNext()) {
          first = line;
        }
      }
      return first;
    }
  }
}
