package dev.corvid.seeder.fetch;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a transfer other connections were asked for: what has come before its turn, what
 * is under way, and what did not come. The byte whose turn it is moves on; no range is handed out
 * that ends further from it than the window is long. Each byte has one writer at a time: a range
 * that {@link Range#claim claims} it, or the transfer's own connection, which {@link #reserve
 * reserves} it. Confined to one lock.
 */
final class RangePlan {
  private final RangeSettings settings;
  private final long window;
  private final long total;

  /** What was asked for and is not read yet, by its first byte. */
  private final NavigableMap<Long, Range> ranges = new TreeMap<>();

  /** What was asked for and did not come: first byte and end. */
  private final NavigableMap<Long, Long> missing = new TreeMap<>();

  private long position;
  private long reserved;
  private long next;
  private boolean full;

  /** Bytes that one connection brings in order. */
  static final class Range {
    private final RangeSource source;
    private final long first;
    private final long requestedEnd;
    private long end;
    private long claimed;
    private long arrived;
    private boolean answered;

    private Range(RangeSource source, long first, long end) {
      this.source = source;
      this.first = first;
      this.requestedEnd = end;
      this.end = end;
      this.claimed = first;
      this.arrived = first;
    }

    RangeSource source() {
      return source;
    }

    long first() {
      return first;
    }

    /** Behind its last byte. */
    long end() {
      return end;
    }

    /** The next byte that is awaited from its connection. */
    long claimed() {
      return claimed;
    }

    /** The next byte that is not here. */
    long arrived() {
      return arrived;
    }

    /** How many of the next bytes its connection may write; 0 once others may. */
    int claim(int count) {
      int granted = (int) Math.min(count, end - claimed);
      claimed += granted;
      return granted;
    }

    /** What was claimed is written. */
    void came() {
      arrived = claimed;
    }

    boolean isBeingWritten() {
      return claimed > arrived;
    }

    /** Nothing more is awaited from its connection. */
    boolean isOver() {
      return claimed == end;
    }

    /** All that was asked for is here: nothing of it was left to others. */
    boolean isWhole() {
      return arrived == requestedEnd;
    }

    void answered() {
      answered = true;
    }

    boolean isAnswered() {
      return answered;
    }
  }

  /**
   * @param position of the byte whose turn it is
   * @param window how far from it others may be here
   */
  RangePlan(RangeSettings settings, long window, long position, long total) {
    this.settings = settings;
    this.window = window;
    this.position = position;
    this.total = total;
  }

  long position() {
    return position;
  }

  /** All has been read. */
  boolean isDone() {
    return position >= total;
  }

  /**
   * The next range that no connection has taken; null when there is none within the window.
   *
   * @param inOrder whether a connection reads in order from the byte whose turn it is
   * @param small whether it is to be a small one
   */
  @Nullable Range next(RangeSource source, int connections, boolean inOrder, boolean small) {
    var gap = missing.pollFirstEntry();
    if (gap == null) {
      return fresh(source, connections, inOrder, small);
    }
    long end = Math.min(gap.getValue(), gap.getKey() + settings.range());
    if (end < gap.getValue()) {
      missing.put(end, gap.getValue());
    }
    return begun(new Range(source, gap.getKey(), end));
  }

  /** The same, but nothing that did not come from others. */
  @Nullable Range fresh(RangeSource source, int connections, boolean inOrder, boolean small) {
    long ahead = next > position ? next : inOrder ? position + settings.gap() : position;
    long first = Math.max(ahead, reserved);
    int size = settings.size(total - first, connections, small);
    full = size > 0 && first + size > position + window;
    if (size <= 0 || full) {
      return null;
    }
    next = first + size;
    return begun(new Range(source, first, next));
  }

  /** Whether a range was asked for last that had no room. */
  boolean isFull() {
    return full;
  }

  /** What the transfer's own connection would read next is missing, and for others to bring. */
  void handOver() {
    var range = ranges.ceilingKey(position);
    var gap = missing.ceilingKey(position);
    long free = Math.min(range == null ? next : range, gap == null ? next : gap);
    if (current() == null && !isMissing() && free > position) {
      missing.put(position, free);
    }
    reserved = position;
  }

  private Range begun(Range range) {
    ranges.put(range.first, range);
    return range;
  }

  /** What its connection has not claimed of a range is missing, and for others to bring. */
  void cut(Range range) {
    if (!range.isOver()) {
      missing.put(range.claimed, range.end);
    }
    leave(range);
  }

  private void leave(Range range) {
    range.end = range.claimed;
    if (range.end == range.first) {
      ranges.remove(range.first, range);
    }
  }

  /** The one that has, or brings, the byte whose turn it is; null for none. */
  @Nullable Range current() {
    var before = ranges.floorEntry(position);
    return before != null && before.getValue().end > position ? before.getValue() : null;
  }

  /**
   * The transfer's own connection reads over what others have, or were to bring, from the byte
   * whose turn it is. It has to wait for a range that {@link Range#isBeingWritten is being
   * written}.
   */
  void passOver() {
    reserved = position;
    var range = current();
    if (range != null) {
      leave(range);
      ranges.remove(range.first, range);
    }
    if (isMissing()) {
      missing.remove(missing.floorKey(position));
    }
  }

  /** Whether the byte whose turn it is was asked for and did not come. */
  boolean isMissing() {
    var before = missing.floorEntry(position);
    return before != null && before.getValue() > position;
  }

  /**
   * How many of so many bytes the transfer's own connection may write: up to another's range. No
   * other connection is given them.
   */
  int reserve(int length) {
    var range = ranges.ceilingKey(position);
    var gap = missing.ceilingKey(position);
    long free = Math.min(range == null ? total : range, gap == null ? total : gap);
    reserved = position + Math.clamp(free - position, 1, length);
    return (int) (reserved - position);
  }

  /** Whether the transfer's own connection is about to bring the byte whose turn it is. */
  boolean isReserved() {
    return reserved > position;
  }

  /** So many bytes have had their turn. */
  void passed(int count) {
    position += count;
    reserved = position;
    while (!ranges.isEmpty() && ranges.firstEntry().getValue().end <= position) {
      ranges.pollFirstEntry();
    }
  }

  /** Nothing is asked for again. */
  void forgetMissing() {
    missing.clear();
  }

  /** Nothing that came before its turn counts, and nothing more of it comes. */
  void forgetAll() {
    missing.clear();
    ranges.values().forEach(range -> range.end = range.claimed);
    ranges.clear();
  }
}
