package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.api.v1alpha1.Wave;
import dev.corvid.operator.fleet.Member;
import dev.corvid.operator.fleet.Member.Reach;
import dev.corvid.wire.Grant.Action;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks over the shoulder of each decision, with counts of its own. */
final class RolloutWatch {
  private Instant doneSince;
  private WaveStatus lastWave;
  private String lastWanted;
  private Rollout lastRollout;
  private List<String> lastFleet;
  private Set<String> lastTold = Set.of();

  /** Who was told what is no longer known. */
  void restarted() {
    lastTold = Set.of();
  }

  /** What should not have been decided; null when all is well. */
  String violation(Observed seen, Decision decision) {
    if (decision.wanted() == null) {
      return unknownContent(seen, decision);
    }
    Rollout rollout = seen.release().getSpec().rollout();
    String digest = decision.wanted().digest();
    List<Member> desired = seen.census().desired();
    Set<String> told = new HashSet<>();
    decision
        .wants()
        .forEach(
            (node, want) -> {
              if (want.action() == Action.ACTIVATE) {
                told.add(node);
              }
            });
    boolean baseline = decision.wanted().revision().equals(seen.status().currentRevision());
    String found =
        tooMany(rollout, desired, told, decision, digest)
            + beforePlaced(desired, told, decision, digest)
            + held(rollout, desired, told, digest, baseline)
            + (baseline ? "" : early(seen, decision, rollout, told, digest));
    lastWanted = digest;
    lastRollout = rollout;
    lastTold = told;
    lastFleet = who(seen);
    return found.isEmpty() ? null : found;
  }

  /** While new content is on its way, nobody switches to what it replaces. */
  private String unknownContent(Observed seen, Decision decision) {
    boolean latestIsBaseline =
        decision
            .history()
            .latest()
            .orElseThrow()
            .revision()
            .equals(seen.status().currentRevision());
    boolean any =
        seen.census().desired().stream()
            .filter(member -> member.servesAnything())
            .anyMatch(
                member ->
                    decision.wants().get(member.node()).action() == Action.ACTIVATE
                        && !member.serves(
                            decision.wants().get(member.node()).content().manifestDigest()));
    lastWanted = null;
    return any && !latestIsBaseline ? "a node switches to what nobody asks for" : null;
  }

  private static String tooMany(
      Rollout rollout, List<Member> desired, Set<String> told, Decision decision, String digest) {
    long switching =
        desired.stream()
            .filter(member -> member.reach() != Reach.UNREACHABLE)
            .filter(member -> told.contains(member.node()))
            .filter(member -> member.servesAnything() && !member.serves(digest))
            .filter(member -> !decision.failures().nodes().contains(member.node()))
            .count();
    int most = rollout.switchingAtOnce(desired.size());
    return switching > most ? "%d switch, %d may; ".formatted(switching, most) : "";
  }

  private static String beforePlaced(
      List<Member> desired, Set<String> told, Decision decision, String digest) {
    boolean begun = desired.stream().anyMatch(member -> member.serves(digest));
    boolean placed =
        desired.stream()
            .filter(Member::isReachable)
            .allMatch(
                member ->
                    member.holds(digest) || decision.failures().nodes().contains(member.node()));
    boolean leavesAnother =
        desired.stream()
            .filter(member -> member.servesAnything() && !member.serves(digest))
            .anyMatch(member -> told.contains(member.node()));
    return !begun && !placed && leavesAnother ? "switched before it was placed; " : "";
  }

  private static String held(
      Rollout rollout, List<Member> desired, Set<String> told, String digest, boolean baseline) {
    boolean held =
        rollout.paused() || (!baseline && rollout.activation() == Rollout.Activation.Manual);
    boolean leavesAnother =
        desired.stream()
            .filter(member -> member.servesAnything() && !member.serves(digest))
            .anyMatch(member -> told.contains(member.node()));
    return held && leavesAnother ? "switched while it was held; " : "";
  }

  private String early(
      Observed seen, Decision decision, Rollout rollout, Set<String> told, String digest) {
    WaveStatus wave = decision.plan().wave();
    String found = beyond(seen, rollout, wave, told, digest);
    boolean same = digest.equals(lastWanted) && lastWave != null && wave != null;
    if (same && rollout.equals(lastRollout) && wave.index() > lastWave.index()) {
      found += passed(seen, decision, rollout, wave, digest);
    }
    if (!same || !wave.index().equals(lastWave.index()) || doneSince == null) {
      doneSince = wave != null && wave.completionTime() != null ? seen.now().wall() : null;
    }
    lastWave = wave;
    return found;
  }

  /** More nodes than the waves so far have. */
  private static String beyond(
      Observed seen, Rollout rollout, WaveStatus wave, Set<String> told, String digest) {
    if (rollout.waves().isEmpty()) {
      return "";
    }
    List<Member> desired = seen.census().desired();
    List<Wave> open = wave == null ? List.of() : rollout.waves().subList(0, wave.index());
    long byLabel =
        desired.stream()
            .filter(
                member ->
                    open.stream()
                        .anyMatch(w -> w.selector() != null && member.matches(w.selector())))
            .count();
    int quota =
        open.stream()
            .filter(w -> w.upTo() != null)
            .mapToInt(w -> w.upTo(desired.size()))
            .max()
            .orElse(0);
    long serving = desired.stream().filter(member -> member.serves(digest)).count();
    long most = Math.max(serving, quota) + byLabel;
    return told.size() > most
        ? "%d are told in %s, %d may; ".formatted(told.size(), wave, most)
        : "";
  }

  private String passed(
      Observed seen, Decision decision, Rollout rollout, WaveStatus wave, String digest) {
    String found = isDone(seen, decision, digest) ? "" : "a wave began before the last was done; ";
    for (int i = lastWave.index(); i < wave.index(); i++) {
      Wave.Pause pause = rollout.waves().get(i - 1).pause();
      boolean over =
          pause == null
              || i == lastWave.index()
                  && doneSince != null
                  && pause.length().isPresent()
                  && !seen.now().wall().isBefore(doneSince.plus(pause.length().get()));
      found += over ? "" : "the pause of wave " + i + " was cut short; ";
    }
    return found;
  }

  /** All that were told have switched or failed. Who was told may have left, or be called back. */
  private boolean isDone(Observed seen, Decision decision, String digest) {
    return !who(seen).equals(lastFleet)
        || seen.census().reachable().stream()
            .filter(member -> lastTold.contains(member.node()))
            .allMatch(
                member ->
                    member.serves(digest) || decision.failures().nodes().contains(member.node()));
  }

  private static List<String> who(Observed seen) {
    return seen.census().desired().stream().map(member -> member.node() + member.reach()).toList();
  }
}
