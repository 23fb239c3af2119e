package dev.corvid.tracker.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What changed, in the order of its last change: one entry for each thing, however often it
 * changed, so the log is as large as the fleet and a reader pays for news only. Not thread-safe.
 */
final class ChangeLog {
  private final SequencedMap<Change, Long> last = new LinkedHashMap<>();
  private long sequence;
  private long urgent;

  long sequence() {
    return sequence;
  }

  /** The sequence of the last change that a reader must not wait for. */
  long urgent() {
    return urgent;
  }

  void record(Change change, boolean isUrgent) {
    last.putLast(change, ++sequence);
    if (isUrgent) {
      urgent = sequence;
    }
  }

  void forget(Change change) {
    last.remove(change);
  }

  /** What changed after that sequence, and when, oldest first; everything for 0. */
  List<Map.Entry<Change, Long>> since(long after) {
    return last.reversed().entrySet().stream()
        .takeWhile(entry -> entry.getValue() > after)
        .toList()
        .reversed();
  }
}
