package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.grant.SharingScope;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.step.RecordedTimes;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Words for the situations that the tests speak of. */
public final class Given {
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  public static final Uptime UPTIME = new Uptime(0);
  public static final SharingScope SCOPE = new SharingScope("ns-1", SwarmKey.of(new byte[32]));
  static final ObservedState.Location LOCATION =
      new ObservedState.Location(
          SCOPE,
          new Roots.Root(
              "default", "/var/lib/corvid", null, null, null, null, null, null, null, null));
  public static final Content OLD = TestCluster.content("old");
  public static final Content NEW = TestCluster.content("new");

  private Given() {}

  /** To a process whose clocks go alike. */
  public static ReconcileTime at(Instant wall) {
    return new ReconcileTime(wall, uptime(wall), new RecordedTimes());
  }

  public static Uptime uptime(Instant wall) {
    return UPTIME.plus(Duration.between(NOW, wall));
  }

  public static SwarmRelease release(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: search, uid: 11-22, generation: 4}
        spec: {source: {http: {url: "https://a/m.tar.gz"}}, nodes: {selector: {}}, %s}
        """
            .formatted(spec),
        SwarmRelease.class);
  }

  public static NodeSelection selection(SelectedNode... desired) {
    return new NodeSelection(List.of(desired), List.of(), List.of(), true, null);
  }

  public static NodeSelection leaving(NodeSelection selection, SelectedNode... leaving) {
    return new NodeSelection(selection.desired(), selection.absent(), List.of(leaving), true, null);
  }

  public static NodeSelection absent(NodeSelection selection, SelectedNode... absent) {
    return new NodeSelection(selection.desired(), List.of(absent), selection.leaving(), true, null);
  }

  /** Some node of the cluster may yet speak. */
  public static NodeSelection unheard(NodeSelection selection) {
    return new NodeSelection(
        selection.desired(), selection.absent(), selection.leaving(), false, null);
  }

  /** What is seen of a release that nothing was decided of yet but these grants. */
  static ObservedState observed(
      SwarmRelease release, NodeSelection selection, List<Grant> inForce, ReconcileTime now) {
    return new ObservedState(
        release,
        LOCATION,
        new ObservedState.ObservedSource("sha256:new", null, List.of()),
        new ObservedState.ObservedNodes(selection, ReleaseFleet.EMPTY, inForce, RemovalPlan.NONE),
        new ObservedState.Recorded(SwarmReleaseStatus.empty(), List.of(), NodeFailures.NONE),
        ObservedState.Mount.NONE,
        now);
  }

  /** The same, with that known from before. */
  static ObservedState with(ObservedState seen, ObservedState.Recorded recorded) {
    return new ObservedState(
        seen.release(),
        seen.location(),
        seen.source(),
        seen.nodes(),
        recorded,
        seen.mount(),
        seen.now());
  }

  /** As a node is told by it alone. */
  public static Grant grant(String node, NodeIntent intent) {
    return new Grant(
        "11-22",
        new ReleaseName("search", "model"),
        null,
        "default",
        1,
        0,
        1,
        intent.action(),
        intent.content(),
        intent.content() == null ? null : intent.content().infoHash(),
        List.of(),
        DeletionPolicy.DELETE,
        List.of(node));
  }

  /** Holds and serves it. */
  public static SelectedNode serving(String node, Content content) {
    return selectedNode(node, State.ACTIVE, content, content, content);
  }

  /** Holds the wanted one, still serves another. */
  public static SelectedNode placed(String node, Content wanted, Content active) {
    return selectedNode(node, State.VERIFIED, wanted, active, wanted, active);
  }

  /** Holds the wanted one, serves nothing. */
  public static SelectedNode placed(String node, Content wanted) {
    return selectedNode(node, State.VERIFIED, wanted, null, wanted);
  }

  public static SelectedNode downloading(String node, Content wanted, Content active) {
    return active == null
        ? selectedNode(node, State.DOWNLOADING, wanted, null)
        : selectedNode(node, State.DOWNLOADING, wanted, active, active);
  }

  /** Failed to get the wanted one, still serves another. */
  public static SelectedNode failing(String node, Content wanted, Content active) {
    var held = List.of(active.manifestDigest());
    var full = Reason.InsufficientDisk;
    return new SelectedNode(
        node,
        Reachability.REACHABLE,
        report(State.FAILED, wanted, active, held, full, "why it failed", 2),
        Map.of());
  }

  public static SelectedNode failed(String node, Content wanted, Reason reason) {
    return failed(node, wanted, reason, 2);
  }

  public static SelectedNode failed(String node, Content wanted, Reason reason, int attempts) {
    return new SelectedNode(
        node,
        Reachability.REACHABLE,
        report(State.FAILED, wanted, null, List.of(), reason, "why it failed", attempts),
        Map.of());
  }

  /** Serves a revision of which a file changed on its disk, and fetches that again. */
  public static SelectedNode mending(String node, Content active) {
    return new SelectedNode(
        node,
        Reachability.REACHABLE,
        report(State.FAILED, active, active, List.of(), Reason.Corrupted, "'a' changed", 0),
        Map.of());
  }

  /** Has reported nothing on this release. */
  public static SelectedNode fresh(String node) {
    return new SelectedNode(node, Reachability.REACHABLE, null, Map.of());
  }

  public static SelectedNode labelled(SelectedNode node, String key, String value) {
    return new SelectedNode(node.node(), node.reachability(), node.report(), Map.of(key, value));
  }

  public static SelectedNode with(SelectedNode node, Reachability reachability) {
    return new SelectedNode(node.node(), reachability, node.report(), node.labels());
  }

  private static SelectedNode selectedNode(
      String node, State state, Content wanted, Content active, Content... held) {
    List<String> digests = List.of(held).stream().map(Content::manifestDigest).toList();
    return new SelectedNode(
        node,
        Reachability.REACHABLE,
        report(state, wanted, active, digests, null, null, 0),
        Map.of());
  }

  private static NodeReport report(
      State state,
      Content wanted,
      Content active,
      List<String> held,
      Reason reason,
      String message,
      int failures) {
    return new NodeReport(
        "11-22",
        new ReleaseName("search", "model"),
        "default",
        0,
        7,
        state,
        wanted.manifestDigest(),
        active == null ? null : active.manifestDigest(),
        held,
        state == State.DOWNLOADING ? 40 : 100,
        100,
        0,
        0,
        0,
        reason,
        message,
        failures,
        null,
        null);
  }

  public static RecordedRevision recorded(long number, Content content, String sourceHash) {
    return new RecordedRevision(
        number, null, sourceHash, TestCluster.digest("bytes of " + sourceHash), content);
  }

  public static ReleaseRevision revision(Content content, String sourceHash) {
    return ReleaseRevision.unknownRollout(recorded(1, content, sourceHash)).begun(NOW);
  }
}
