package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.step.ReconcileTime;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Roll-outs of {@link Given#NEW}, one word at a time. */
public record Rollouts(
    String policy,
    NodeSelection selection,
    boolean isBaseline,
    boolean isSuperseded,
    Set<String> nodesTold,
    WaveStatus wave,
    boolean isEdited,
    Annotations annotations,
    ReconcileTime now) {
  public Rollouts(String policy, NodeSelection selection) {
    this(
        policy,
        selection,
        false,
        false,
        Set.of(),
        null,
        false,
        annotations(Map.of()),
        Given.at(NOW));
  }

  Rollouts baseline() {
    return new Rollouts(
        policy, selection, true, isSuperseded, nodesTold, wave, isEdited, annotations, now);
  }

  Rollouts superseded() {
    return new Rollouts(
        policy, selection, isBaseline, true, nodesTold, wave, isEdited, annotations, now);
  }

  Rollouts told(String... nodes) {
    return new Rollouts(
        policy,
        selection,
        isBaseline,
        isSuperseded,
        Set.of(nodes),
        wave,
        isEdited,
        annotations,
        now);
  }

  public Rollouts after(WaveStatus known) {
    return new Rollouts(
        policy, selection, isBaseline, isSuperseded, nodesTold, known, isEdited, annotations, now);
  }

  /** The same, whose spec was edited since that wave was shown. */
  Rollouts edited() {
    return new Rollouts(
        policy, selection, isBaseline, isSuperseded, nodesTold, wave, true, annotations, now);
  }

  public Rollouts at(ReconcileTime later) {
    return new Rollouts(
        policy, selection, isBaseline, isSuperseded, nodesTold, wave, isEdited, annotations, later);
  }

  Rollouts allowingEmptyWaves() {
    return annotated(SafetyOverrides.EMPTY_WAVE, "4");
  }

  Rollouts annotated(String annotation, String value) {
    return new Rollouts(
        policy,
        selection,
        isBaseline,
        isSuperseded,
        nodesTold,
        wave,
        isEdited,
        annotations(Map.of(annotation, value)),
        now);
  }

  private static Annotations annotations(Map<String, String> written) {
    var release = Given.release("");
    release.getMetadata().setAnnotations(written);
    return Annotations.of(release);
  }

  public RolloutPlan plan() {
    var failures = NodeFailures.NONE.next(NEW.manifestDigest(), selection, now.wall());
    return RolloutPlan.rollOut(
        new RolloutContext(
            Given.release("rollout: {%s}".formatted(policy)).getSpec().rollout(),
            new RolloutContext.Target(NEW, isBaseline, isSuperseded),
            new RolloutContext.Nodes(selection, nodesTold, failures),
            annotations,
            new RolloutContext.Before(wave, isEdited),
            now));
  }

  public RolloutState state() {
    return plan().state();
  }

  /** As {@code a:HOLD b:ACTIVATE}. */
  String intents() {
    return plan().intents().entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue().action())
        .collect(Collectors.joining(" "));
  }
}
