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
final class Known {
  private final Map<String, NodeReport> told = new HashMap<>();

  /** Everything was told. */
  void all(List<NodeReport> reports) {
    told.clear();
    those(reports);
  }

  /** These were told. */
  void those(List<NodeReport> reports) {
    reports.forEach(report -> told.put(report.releaseUid(), report));
  }

  /**
   * What is new.
   *
   * @param withFigures whether a changed figure is news
   */
  List<NodeReport> news(List<NodeReport> reports, boolean withFigures) {
    List<NodeReport> news = new ArrayList<>();
    for (NodeReport report : reports) {
      NodeReport before = told.get(report.releaseUid());
      if (before == null
          || !before.sameState(report)
          || before.failures() != report.failures()
          || withFigures && !before.equals(report)) {
        news.add(report);
      }
    }
    return news;
  }
}
