package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.rollout.SafetyOverrides;
import dev.corvid.operator.release.status.Conditions;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.status.StatusInput;
import dev.corvid.operator.release.status.StatusReport;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A fleet, a user and a clock, all of one seed: decisions and the status are the real ones, and the
 * status is all that the next decision remembers.
 */
final class SimulatedFleet {
  private static final List<Content> REVISIONS =
      List.of(TestCluster.content("one"), TestCluster.content("two"), TestCluster.content("three"));

  private final Random random;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final RolloutWatch watch = new RolloutWatch();
  private final SimulatedUser user;
  private Map<String, NodeIntent> inForce = new TreeMap<>();
  private NodeFailures failures;
  private SwarmReleaseStatus status;
  private SimulatedPolicy policy;
  private SwarmReleaseSpec spec;
  private int wanted;
  private int generation = 1;
  private int named;
  private boolean healed;
  private Instant now = Given.NOW;
  private String violation;

  SimulatedFleet(Random random) {
    this.random = random;
    user = new SimulatedUser(random, REVISIONS);
    edit(SimulatedPolicy.any(random, user.names()), 0);
    int size = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      join();
    }
    status = withHistory(SwarmReleaseStatus.empty());
    failures = NodeFailures.NONE;
  }

  private void join() {
    nodes.add(new SimulatedNode("n%02d".formatted(random.nextInt(50) * 100 + named++), random));
  }

  /** The contents of all revisions are known; the wanted one is first once it was decided so. */
  private static SwarmReleaseStatus withHistory(SwarmReleaseStatus of) {
    return new SwarmReleaseStatus(
        null,
        null,
        null,
        null,
        null,
        null,
        of.nodes(),
        null,
        null,
        null,
        null,
        null,
        REVISIONS.stream()
            .map(content -> Given.revision(content, source(content)).summary())
            .toList(),
        null);
  }

  private static List<RecordedRevision> records() {
    return REVISIONS.stream()
        .map(content -> Given.recorded(REVISIONS.indexOf(content) + 1L, content, source(content)))
        .toList();
  }

  private static String source(Content content) {
    return "sha256:" + content.revision();
  }

  /** Something happens, now and then: to a node, to the operator, or in the user's mind. */
  void disturb() {
    SimulatedNode any = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(28)) {
      case 0 -> any.broken = true;
      case 1 -> any.broken = false;
      case 2 -> any.reachability = Reachability.UNREACHABLE;
      case 3 -> any.reachability = Reachability.PENDING;
      case 4, 5 -> any.reachability = Reachability.REACHABLE;
      case 6 -> join();
      case 7 -> leave(any);
      case 8 -> edit(SimulatedPolicy.any(random, user.names()), wanted);
      case 9, 10 -> edit(policy, random.nextInt(REVISIONS.size()));
      case 11 -> edit(policy, -1);
      case 12 -> restartOperator();
      case 13 -> edit(policy.resumed(), wanted);
      case 14, 15, 16, 17 -> user.annotate();
      default -> {}
    }
  }

  private void leave(SimulatedNode any) {
    if (nodes.size() > 1) {
      nodes.remove(any);
    }
  }

  private void edit(SimulatedPolicy next, int revision) {
    policy = next;
    spec = Given.release("rollout: " + next.yaml()).getSpec();
    wanted = revision;
    generation++;
  }

  /** Grants in force are lost with the process, and what is not in the status. */
  private void restartOperator() {
    watch.restarted();
    inForce = new TreeMap<>();
    failures =
        RevisionHistory.of(records(), status)
            .latest()
            .map(latest -> NodeFailures.recorded(status, latest.digest()))
            .orElse(NodeFailures.NONE);
  }

  /** All faults end, and the user does what the messages say, and passes waves without nodes. */
  void heal() {
    for (SimulatedNode node : nodes) {
      node.broken = false;
      node.reachability = Reachability.REACHABLE;
    }
    edit(policy, wanted < 0 ? 0 : wanted);
    healed = true;
  }

  /** The operator looks, the nodes hear, and do something. */
  void step() {
    ObservedState seen = observe();
    ReconcilePlan reconcilePlan = ReconcilePlan.of(seen);
    violation = watch.violation(seen, reconcilePlan);
    failures = reconcilePlan.failures();
    inForce = reconcilePlan.intents();
    StatusInput input = input(seen, reconcilePlan);
    status =
        StatusReport.of(
            input,
            NodeCounts.of(input.nodes().selection(), input.target(), input.nodes().failures()));
    if (healed) {
      user.obey(status.conditions())
          .ifPresent(revision -> edit(policy.approving(revision), wanted));
    }
    nodes.forEach(node -> node.told(inForce.get(node.name)));
    nodes.forEach(SimulatedNode::act);
    now = now.plusMillis(random.nextInt(20_000));
  }

  private ObservedState observe() {
    var desired =
        nodes.stream()
            .sorted(Comparator.comparing(node -> node.name))
            .map(SimulatedNode::selectedNode)
            .toList();
    return new ObservedState(
        release(),
        Given.LOCATION,
        new ObservedState.ObservedSource(
            wanted < 0 ? "sha256:unknown" : source(REVISIONS.get(wanted)), null, List.of()),
        new ObservedState.ObservedNodes(
            new NodeSelection(desired, List.of(), List.of(), true, null),
            ReleaseFleet.EMPTY,
            grants(),
            RemovalPlan.NONE),
        new ObservedState.Recorded(status, records(), failures),
        ObservedState.Mount.NONE,
        Given.at(now));
  }

  private SwarmRelease release() {
    var release = new SwarmRelease();
    release.setMetadata(
        new ObjectMetaBuilder()
            .withName("model")
            .withNamespace("search")
            .withUid("11-22")
            .withGeneration((long) generation)
            .withAnnotations(user.annotations())
            .addToAnnotations(
                healed ? Map.of(SafetyOverrides.EMPTY_WAVE, "" + generation) : Map.of())
            .build());
    release.setSpec(spec);
    release.setStatus(status);
    return release;
  }

  private List<Grant> grants() {
    List<Grant> grants = new ArrayList<>();
    inForce.forEach(
        (node, intent) ->
            grants.add(
                new Grant(
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
                    List.of(node))));
    return grants;
  }

  private StatusInput input(ObservedState seen, ReconcilePlan reconcilePlan) {
    return new StatusInput(
        seen.release(),
        status,
        seen.now(),
        new StatusInput.RolledOut(
            reconcilePlan.history(),
            reconcilePlan.wanted(),
            reconcilePlan.plan(),
            IgnoredAnnotation.of(
                    Annotations.of(seen.release()),
                    spec.rollout(),
                    reconcilePlan.history(),
                    reconcilePlan.wanted())
                .orElse(null),
            now,
            false),
        new StatusInput.Nodes(
            seen.nodes().selection(),
            seen.nodes().removalPlan(),
            reconcilePlan.failures(),
            List.of(),
            null),
        new StatusInput.Seeder(null, null),
        new StatusInput.Obstacles(null, false, null, VolumeUsers.NONE));
  }

  /** What should not have happened in the last step; null when nothing did. */
  String violation() {
    return violation;
  }

  boolean isConverged() {
    Content target = REVISIONS.get(wanted);
    return nodes.stream().allMatch(node -> node.serves(target))
        && target.revision().equals(status.currentRevision())
        && Conditions.find(status.conditions(), Conditions.READY)
            .filter(ready -> "True".equals(ready.getStatus()))
            .isPresent();
  }

  @Override
  public String toString() {
    return "\nwanted %s, policy %s, annotations %s, at %s\nwave %s\nnodes:\n%s\n%s"
        .formatted(
            wanted,
            policy.yaml(),
            user.annotations(),
            now,
            status.wave(),
            String.join("\n", nodes.stream().map(SimulatedNode::toString).toList()),
            status.conditions());
  }
}
