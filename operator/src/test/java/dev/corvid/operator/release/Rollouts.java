package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.wire.ReleaseName;
import java.util.Set;
import java.util.stream.Collectors;

/** Roll-outs of {@link Given#NEW}, one word at a time. */
record Rollouts(
    String policy,
    Census census,
    boolean isBaseline,
    boolean isSuperseded,
    Set<String> nodesTold,
    WaveStatus wave,
    boolean isEmptyWaveAllowed,
    Now now) {
  Rollouts(String policy, Census census) {
    this(policy, census, false, false, Set.of(), null, false, Given.at(NOW));
  }

  Rollouts baseline() {
    return new Rollouts(
        policy, census, true, isSuperseded, nodesTold, wave, isEmptyWaveAllowed, now);
  }

  Rollouts superseded() {
    return new Rollouts(policy, census, isBaseline, true, nodesTold, wave, isEmptyWaveAllowed, now);
  }

  Rollouts told(String... nodes) {
    return new Rollouts(
        policy, census, isBaseline, isSuperseded, Set.of(nodes), wave, isEmptyWaveAllowed, now);
  }

  Rollouts after(WaveStatus known) {
    return new Rollouts(
        policy, census, isBaseline, isSuperseded, nodesTold, known, isEmptyWaveAllowed, now);
  }

  Rollouts at(Now later) {
    return new Rollouts(
        policy, census, isBaseline, isSuperseded, nodesTold, wave, isEmptyWaveAllowed, later);
  }

  Rollouts allowingEmptyWaves() {
    return new Rollouts(policy, census, isBaseline, isSuperseded, nodesTold, wave, true, now);
  }

  Plan plan() {
    var failures = Failures.NONE.next(NEW.manifestDigest(), census, now.wall());
    return Plan.rollOut(
        new Rolling(
            Given.release("rollout: {%s}".formatted(policy)).getSpec().rollout(),
            NEW,
            isBaseline,
            isSuperseded,
            census,
            nodesTold,
            failures,
            new Allowances(new ReleaseName("search", "model"), 4, false, isEmptyWaveAllowed),
            wave,
            now));
  }

  RolloutState state() {
    return plan().state();
  }

  /** As {@code a:HOLD b:ACTIVATE}. */
  String wants() {
    return plan().wants().entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue().action())
        .collect(Collectors.joining(" "));
  }
}
