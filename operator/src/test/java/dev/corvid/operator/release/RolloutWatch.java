package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.api.v1alpha1.Wave;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.wire.grant.Grant.Action;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Looks over the shoulder of each decision, with counts of its own. */
final class RolloutWatch {
  private Instant doneSince;
  private WaveStatus lastWave;
  private String lastWanted;
  private Rollout lastRollout;
  private List<String> lastFleet;
  private Set<String> lastReported = Set.of();

  /** Who was told what is no longer known. */
  void restarted() {
    lastReported = Set.of();
  }

  /** What should not have been decided; null when all is well. */
  String violation(ObservedState seen, ReconcilePlan reconcilePlan) {
    if (reconcilePlan.wanted() == null) {
      return unknownContent(seen, reconcilePlan);
    }
    Rollout rollout = seen.release().getSpec().rollout();
    String digest = reconcilePlan.wanted().digest();
    List<SelectedNode> desired = seen.nodes().selection().desired();
    Set<String> told = new HashSet<>();
    reconcilePlan
        .intents()
        .forEach(
            (node, intent) -> {
              if (intent.action() == Action.ACTIVATE) {
                told.add(node);
              }
            });
    boolean baseline = StatusRevisions.isCurrent(seen.recorded().status(), reconcilePlan.wanted());
    String found =
        tooMany(rollout, desired, told, reconcilePlan, digest)
            + beforePlaced(desired, told, reconcilePlan, digest)
            + held(seen, desired, told, digest, baseline)
            + (baseline ? left(desired, told, digest) : "")
            + (baseline ? "" : early(seen, reconcilePlan, rollout, told, digest));
    lastWanted = digest;
    lastRollout = rollout;
    lastReported = told;
    lastFleet = who(seen);
    return found.isEmpty() ? null : found;
  }

  /** While new content is on its way, nobody switches to what it replaces. */
  private String unknownContent(ObservedState seen, ReconcilePlan reconcilePlan) {
    boolean latestIsBaseline =
        reconcilePlan
            .history()
            .latest()
            .orElseThrow()
            .revision()
            .equals(seen.recorded().status().currentRevision());
    boolean any =
        seen.nodes().selection().desired().stream()
            .filter(node -> node.servesAnything())
            .anyMatch(
                node ->
                    reconcilePlan.intents().get(node.node()).action() == Action.ACTIVATE
                        && !node.serves(
                            reconcilePlan.intents().get(node.node()).content().manifestDigest()));
    lastWanted = null;
    return any && !latestIsBaseline ? "a node switches to what nobody asks for" : null;
  }

  private static String tooMany(
      Rollout rollout,
      List<SelectedNode> desired,
      Set<String> told,
      ReconcilePlan reconcilePlan,
      String digest) {
    long switching =
        desired.stream()
            .filter(node -> node.reachability() != Reachability.UNREACHABLE)
            .filter(node -> told.contains(node.node()))
            .filter(node -> node.servesAnything() && !node.serves(digest))
            .filter(node -> !reconcilePlan.failures().nodes().contains(node.node()))
            .count();
    int most = rollout.switchingAtOnce(desired.size());
    return switching > most ? "%d switch, %d may; ".formatted(switching, most) : "";
  }

  private static String beforePlaced(
      List<SelectedNode> desired, Set<String> told, ReconcilePlan reconcilePlan, String digest) {
    boolean begun = desired.stream().anyMatch(node -> node.serves(digest));
    boolean placed =
        desired.stream()
            .filter(SelectedNode::isReachable)
            .allMatch(
                node ->
                    node.holds(digest) || reconcilePlan.failures().nodes().contains(node.node()));
    boolean leavesAnother =
        desired.stream()
            .filter(node -> node.servesAnything() && !node.serves(digest))
            .anyMatch(node -> told.contains(node.node()));
    return !begun && !placed && leavesAnother ? "switched before it was placed; " : "";
  }

  /** Who serves nothing may join what was active everywhere: that is no switch. */
  private static String held(
      ObservedState seen,
      List<SelectedNode> desired,
      Set<String> told,
      String digest,
      boolean baseline) {
    Map<String, String> annotations = seen.release().getMetadata().getAnnotations();
    Rollout rollout = seen.release().getSpec().rollout();
    boolean held = "true".equals(annotations.get("corvid.dev/hold"));
    boolean unapproved =
        !baseline
            && rollout.approval() == Rollout.Approval.Required
            && !isApproved(rollout.approvedRevision(), approve(annotations)[0], digest);
    boolean switches =
        desired.stream()
            .filter(node -> !node.serves(digest))
            .filter(node -> node.servesAnything() || !baseline)
            .anyMatch(node -> told.contains(node.node()));
    return (held && switches ? "switched while it was held; " : "")
        + (unapproved && switches ? "switched to what is not approved; " : "");
  }

  /** Who has nothing gets what was active everywhere, and still is on some node. */
  private static String left(List<SelectedNode> desired, Set<String> told, String digest) {
    boolean active = desired.stream().anyMatch(node -> node.serves(digest));
    boolean left =
        desired.stream()
            .filter(node -> node.isReachable() && !node.servesAnything())
            .anyMatch(node -> !told.contains(node.node()));
    return active && left ? "a node does not get what is active everywhere; " : "";
  }

  /** All that name a revision name this one, and one does. */
  private static boolean isApproved(String field, String annotation, String digest) {
    List<String> named = Stream.of(field, annotation).filter(Objects::nonNull).toList();
    return !named.isEmpty() && named.stream().allMatch(name -> digest.startsWith("sha256:" + name));
  }

  /** Revision and wave; null for what is not named, or not in its form. */
  private static String[] approve(Map<String, String> annotations) {
    String[] words = annotations.getOrDefault("corvid.dev/approve", "").split("/", -1);
    boolean wrong =
        words.length > 2
            || !words[0].matches("[0-9a-f]{12,64}")
            || words.length == 2 && words[1].isEmpty();
    return new String[] {wrong ? null : words[0], wrong || words.length < 2 ? null : words[1]};
  }

  private String early(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      Rollout rollout,
      Set<String> told,
      String digest) {
    WaveStatus wave = reconcilePlan.plan().wave();
    String found = beyond(seen, rollout, wave, told, digest);
    boolean same = digest.equals(lastWanted) && lastWave != null && wave != null;
    if (same && rollout.equals(lastRollout) && wave.index() > lastWave.index()) {
      found += passed(seen, reconcilePlan, rollout, wave, digest);
    }
    if (!same || !wave.index().equals(lastWave.index()) || doneSince == null) {
      doneSince = wave != null && wave.completionTime() != null ? seen.now().wall() : null;
    }
    lastWave = wave;
    return found;
  }

  /** More nodes than the waves so far have. */
  private static String beyond(
      ObservedState seen, Rollout rollout, WaveStatus wave, Set<String> told, String digest) {
    if (rollout.waves().isEmpty()) {
      return "";
    }
    List<SelectedNode> desired = seen.nodes().selection().desired();
    List<Wave> open = wave == null ? List.of() : rollout.waves().subList(0, wave.index());
    long byLabel =
        desired.stream()
            .filter(
                node ->
                    open.stream().anyMatch(w -> w.selector() != null && node.matches(w.selector())))
            .count();
    int quota =
        open.stream()
            .filter(w -> w.upTo() != null)
            .mapToInt(w -> w.upTo(desired.size()))
            .max()
            .orElse(0);
    long serving = desired.stream().filter(node -> node.serves(digest)).count();
    long most = Math.max(serving, quota) + byLabel;
    return told.size() > most
        ? "%d are told in %s, %d may; ".formatted(told.size(), wave, most)
        : "";
  }

  private String passed(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      Rollout rollout,
      WaveStatus wave,
      String digest) {
    String found =
        isDone(seen, reconcilePlan, digest) ? "" : "a wave began before the last was done; ";
    for (int i = lastWave.index(); i < wave.index(); i++) {
      Wave.Pause pause = rollout.waves().get(i - 1).pause();
      boolean over =
          pause == null
              || Boolean.TRUE.equals(pause.untilApproved()) && isApproved(seen, i, digest)
              || i == lastWave.index()
                  && doneSince != null
                  && pause.length().isPresent()
                  && !seen.now().wall().isBefore(doneSince.plus(pause.length().get()));
      found += over ? "" : "the pause of wave " + i + " was cut short; ";
    }
    return found;
  }

  private static boolean isApproved(ObservedState seen, int wave, String digest) {
    String[] approve = approve(seen.release().getMetadata().getAnnotations());
    String name = seen.release().getSpec().rollout().waves().get(wave - 1).name();
    return approve[1] != null
        && digest.startsWith("sha256:" + approve[0])
        && approve[1].equals(name == null ? "wave-" + wave : name);
  }

  /** All that were told have switched or failed. Who was told may have left, or be called back. */
  private boolean isDone(ObservedState seen, ReconcilePlan reconcilePlan, String digest) {
    return !who(seen).equals(lastFleet)
        || seen.nodes().selection().reachable().stream()
            .filter(node -> lastReported.contains(node.node()))
            .allMatch(
                node ->
                    node.serves(digest) || reconcilePlan.failures().nodes().contains(node.node()));
  }

  private static List<String> who(ObservedState seen) {
    return seen.nodes().selection().desired().stream()
        .map(node -> node.node() + node.reachability())
        .toList();
  }
}
