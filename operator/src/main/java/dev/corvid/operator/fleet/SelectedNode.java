package dev.corvid.operator.fleet;

import dev.corvid.wire.node.NodeReport;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node as one release sees it.
 *
 * @param node its name
 * @param reachability whether its word counts
 * @param report its last word on this release; null when it has none
 * @param labels of its Node
 */
public record SelectedNode(
    String node,
    Reachability reachability,
    @Nullable NodeReport report,
    Map<String, String> labels) {
  /** Whether a node's word counts. */
  public enum Reachability {
    /** It has told everything to the tracker that runs. */
    REACHABLE,
    /** It may yet speak: the tracker, the operator or its peer has just started. */
    PENDING,
    /** Its Node is NotReady, or it was silent for 60 s. */
    UNREACHABLE
  }

  public boolean matches(LabelSelector selector) {
    return Selectors.matches(selector, labels);
  }

  public Optional<NodeReport> reported() {
    return Optional.ofNullable(report);
  }

  public boolean isReachable() {
    return reachability == Reachability.REACHABLE;
  }

  /** Whether it has that revision on disk, verified. */
  public boolean holds(String manifestDigest) {
    return report != null && report.held().contains(manifestDigest);
  }

  /** Whether that revision is the active one. */
  public boolean serves(String manifestDigest) {
    return report != null && manifestDigest.equals(report.active());
  }

  public boolean servesAnything() {
    return report != null && report.active() != null;
  }

  /** Whether it has some revision on disk, verified. */
  public boolean holdsAnything() {
    return servesAnything() || (report != null && !report.held().isEmpty());
  }

  /** Whether its last attempt to get that revision failed. */
  public boolean failed(String manifestDigest) {
    return report != null
        && report.state() == NodeReport.State.FAILED
        && manifestDigest.equals(report.wanted());
  }
}
