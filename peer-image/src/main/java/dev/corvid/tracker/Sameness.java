package dev.corvid.tracker;

import dev.corvid.wire.NodeReport;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets equal values in the reports of many nodes be one object: thousands of nodes speak of the
 * same few revisions. Remembers the values used last. Not thread-safe.
 */
final class Sameness {
  private static final int REMEMBERED = 4096;

  private final Map<Object, Object> values =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** An equal report, made of values that others hold too. */
  NodeReport of(NodeReport report) {
    return new NodeReport(
        one(report.releaseUid()),
        one(report.release()),
        one(report.root()),
        report.reign(),
        report.epoch(),
        report.state(),
        one(report.wanted()),
        one(report.active()),
        one(report.held()),
        report.bytesDone(),
        report.bytesTotal(),
        report.bytesFromSeeder(),
        report.bytesFromPeers(),
        report.bytesReused(),
        report.reason(),
        report.message(),
        report.failures(),
        report.proof());
  }

  @SuppressWarnings("unchecked")
  private <T> T one(T value) {
    if (value == null) {
      return null;
    }
    Object known = values.putIfAbsent(value, value);
    return known == null ? value : (T) known;
  }
}
