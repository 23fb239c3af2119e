package dev.corvid.node;

import dev.corvid.wire.NodeReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the tracker has been told in this session, so that only news are sent. Not thread-safe.
 *
 * @see dev.corvid.wire.NodePoll
 */
final class ReportDelta {
  private final Map<String, NodeReport> reported = new HashMap<>();

  /** Everything was told. */
  void reset(List<NodeReport> reports) {
    reported.clear();
    reported(reports);
  }

  /** These were told. */
  void reported(List<NodeReport> reports) {
    reports.forEach(report -> reported.put(report.releaseUid(), report));
  }

  /**
   * What is new.
   *
   * @param withFigures whether a changed figure is news
   */
  List<NodeReport> changes(List<NodeReport> reports, boolean withFigures) {
    List<NodeReport> changes = new ArrayList<>();
    for (NodeReport report : reports) {
      NodeReport before = reported.get(report.releaseUid());
      if (before == null
          || !before.sameState(report)
          || before.failures() != report.failures()
          || withFigures && !before.equals(report)) {
        changes.add(report);
      }
    }
    return changes;
  }
}
