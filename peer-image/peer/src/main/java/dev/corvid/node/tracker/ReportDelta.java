package dev.corvid.node.tracker;

import dev.corvid.wire.node.NodeReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was reported to the tracker in this session, so that only changes are sent. Not thread-safe.
 *
 * @see dev.corvid.wire.node.NodePoll
 */
final class ReportDelta {
  private final Map<String, NodeReport> reported = new HashMap<>();

  /** A session began with these reports. */
  void reset(List<NodeReport> reports) {
    reported.clear();
    reported(reports);
  }

  /**
   * These are being sent. Until they are {@link #reported}, it is unknown what the tracker has
   * received for their releases: every later report of them is a change, even if it equals the one
   * before.
   */
  void sending(List<NodeReport> reports) {
    reports.forEach(report -> reported.remove(report.releaseUid()));
  }

  /** These were taken. */
  void reported(List<NodeReport> reports) {
    reports.forEach(report -> reported.put(report.releaseUid(), report));
  }

  /**
   * The reports that differ from those sent.
   *
   * @param withFigures whether a changed figure counts
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
