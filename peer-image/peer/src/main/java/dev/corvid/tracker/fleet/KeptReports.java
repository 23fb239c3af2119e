package dev.corvid.tracker.fleet;

import dev.corvid.wire.node.NodeReport;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one node's reports. Their text is bounded: beyond {@value #MOST_TEXT} characters
 * a report is kept without its message, its proof, and the revisions that are neither wanted nor
 * active. Not thread-safe.
 */
final class KeptReports {
  /** A thousand releases with three revisions each need less than half of it. */
  static final int MOST_TEXT = 512 << 10;

  private static final int DIGEST = 71;

  private final Map<String, NodeReport> reports = new HashMap<>();
  private int text;
  private boolean curtailed;

  /** Null when there is none. */
  @Nullable NodeReport get(String releaseUid) {
    return reports.get(releaseUid);
  }

  /** A view. */
  Set<String> releaseUids() {
    return Collections.unmodifiableSet(reports.keySet());
  }

  int size() {
    return reports.size();
  }

  /** Keeps a report, or what there is room for; returns that. */
  NodeReport put(NodeReport report) {
    remove(report.releaseUid());
    boolean fits = text + textOf(report) <= MOST_TEXT;
    NodeReport kept = fits ? report : report.brief();
    curtailed |= !fits;
    text += textOf(kept);
    reports.put(kept.releaseUid(), kept);
    return kept;
  }

  boolean remove(String releaseUid) {
    NodeReport gone = reports.remove(releaseUid);
    text -= gone == null ? 0 : textOf(gone);
    return gone != null;
  }

  /** Notes that a report is not kept, or not all of it. */
  void curtail() {
    curtailed = true;
  }

  /** The node is about to report everything again. */
  void begin() {
    curtailed = false;
  }

  /** Whether the node has reported more than this since it last reported everything. */
  boolean isCurtailed() {
    return curtailed;
  }

  private static int textOf(NodeReport report) {
    return DIGEST * report.held().size()
        + (report.message() == null ? 0 : report.message().length())
        + (report.proof() == null ? 0 : report.proof().payload().length());
  }
}
