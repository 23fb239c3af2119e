package dev.corvid.wire.node;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets equal values in the reports of many nodes be one object: thousands of nodes speak of the
 * same few revisions. Remembers the values used last. Not thread-safe.
 */
public final class SharedValues {
  /** A longer list is hardly one that other nodes hold, too, and remembering it is expensive. */
  private static final int LONGEST_LIST = 8;

  private final Map<Object, Object> values;

  /**
   * @param remembered how many values
   */
  public SharedValues(int remembered) {
    values =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > remembered;
          }
        };
  }

  /** An equal report, made of values that others hold too. */
  public NodeReport of(NodeReport report) {
    return new NodeReport(
        one(report.releaseUid()),
        one(report.release()),
        one(report.root()),
        report.reign(),
        report.epoch(),
        report.state(),
        one(report.wanted()),
        one(report.active()),
        report.held().size() > LONGEST_LIST ? report.held() : one(report.held()),
        report.bytesDone(),
        report.bytesTotal(),
        report.bytesFromSeeder(),
        report.bytesFromPeers(),
        report.bytesReused(),
        report.reason(),
        report.message(),
        report.failures(),
        report.proof(),
        one(report.namespaceUid()));
  }

  /** An equal value that others hold too. */
  @SuppressWarnings("unchecked")
  public <T extends @Nullable Object> T one(T value) {
    if (value == null) {
      return value;
    }
    Object known = values.putIfAbsent(value, value);
    return known == null ? value : (T) known;
  }
}
