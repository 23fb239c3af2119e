package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.api.v1alpha1.Wave;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Whose turn it is. Each wave includes those before it; {@code upTo} counts first the nodes that
 * have switched or are about to, then those that can be reached, in the order of their names: a
 * node that joins pushes nobody out of a wave that runs. One that cannot be reached before it has
 * switched gives its place to another. One that has switched keeps it: that it cannot be reached
 * since may be what the revision did.
 *
 * <pre>
 * the wave that runs                                         then
 * it selects, by labels, no node                             it waits for an edit, or a person's
 *                                                            allowance
 * none of the nodes that it adds can be reached              it waits for one of them, an edit, or
 *                                                            a person's allowance
 * some reachable node of it neither switched nor failed      it goes on
 * done, no pause                                             the next one
 * done, a pause with an end                                  the next one at that time
 * done, a pause without one                                  the next one when the wave is approved
 * the last one                                               it stays
 * </pre>
 */
final class Waves {
  private static final int NAMED = 5;

  private final RolloutContext rolling;
  private final List<Wave> waves;
  private final List<SelectedNode> order;

  Waves(RolloutContext rolling) {
    this.rolling = rolling;
    this.waves = rolling.baseline() ? List.of() : rolling.policy().waves();
    this.order =
        rolling.selection().staying().stream()
            .sorted(Comparator.comparingInt(this::rank).thenComparing(SelectedNode::node))
            .toList();
  }

  /** What people call a wave, the first being 1. */
  static String name(List<Wave> waves, int index) {
    String name = waves.get(index - 1).name();
    return name == null ? "wave-" + index : name;
  }

  /** Names of the waves whose pause ends when a person approves. */
  static List<String> waitingForApproval(List<Wave> waves) {
    return IntStream.rangeClosed(1, waves.size())
        .filter(index -> waves.get(index - 1).pause() != null)
        .filter(index -> waves.get(index - 1).pause().length().isEmpty())
        .mapToObj(index -> name(waves, index))
        .toList();
  }

  /** Whether all nodes are one. */
  boolean isEmpty() {
    return waves.isEmpty();
  }

  private int rank(SelectedNode selectedNode) {
    if (rolling.serves(selectedNode)) {
      return 0;
    }
    return switch (selectedNode.reachability()) {
      case REACHABLE -> rolling.isTold(selectedNode) ? 1 : 2;
      case PENDING -> rolling.isTold(selectedNode) ? 1 : 3;
      case UNREACHABLE -> 4;
    };
  }

  /**
   * The wave that runs now: the known one, or one after it. The fleet is looked at again for a wave
   * that was done: its nodes may be gone since.
   *
   * @param mayGoOn whether a wave that is done may be followed by the next
   */
  Optional<WaveStatus> running(boolean mayGoOn) {
    if (waves.isEmpty()) {
      return Optional.empty();
    }
    WaveStatus wave =
        rolling
            .wave()
            .map(known -> status(Math.min(known.index(), waves.size()), known))
            .orElseGet(() -> status(isServedEverywhere() ? waves.size() : 1, null));
    while (isDone(wave)) {
      wave = wave.completionTime() == null ? completed(wave) : wave;
      if (!mayGoOn || wave.index() == waves.size() || isPaused(wave)) {
        return Optional.of(wave);
      }
      wave = status(wave.index() + 1, null);
    }
    return Optional.of(wave);
  }

  /**
   * Whether no node is left to protect: with a status that was lost, the wave is lost, too, and
   * what was active everywhere is not to wait for it again.
   */
  private boolean isServedEverywhere() {
    return order.stream().anyMatch(SelectedNode::isReachable)
        && order.stream().allMatch(rolling::serves);
  }

  private WaveStatus status(int index, WaveStatus known) {
    boolean same = known != null && known.index() == index;
    return new WaveStatus(
        index,
        name(waves, index),
        waves.size(),
        same ? known.startTime() : rolling.now().wall().truncatedTo(ChronoUnit.SECONDS).toString(),
        same ? known.completionTime() : null);
  }

  /** The time is rounded up: a pause is never shorter than written. */
  private WaveStatus completed(WaveStatus wave) {
    Instant end = rolling.now().wall().plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    return new WaveStatus(
        wave.index(), wave.name(), wave.total(), wave.startTime(), end.toString());
  }

  /** Who was told to switch counts, also if others took its place in the wave since. */
  private boolean isDone(WaveStatus wave) {
    if (isUntried(wave)) {
      return false;
    }
    Set<String> names = open(wave);
    return order.stream()
        .filter(selectedNode -> names.contains(selectedNode.node()) || rolling.isTold(selectedNode))
        .allMatch(
            selectedNode ->
                switch (selectedNode.reachability()) {
                  case REACHABLE -> rolling.isDone(selectedNode);
                  case PENDING -> false;
                  case UNREACHABLE -> true;
                });
  }

  /**
   * Whether no node speaks for a wave before the last, whatever the cause: the next wave would give
   * all nodes what a few were to try. A wave by labels that was done stays so although its nodes
   * lose them.
   */
  boolean isUntried(WaveStatus wave) {
    if (wave.index() == waves.size()
        || rolling.annotations().allowances().isAllowed(SafetyOverrides.EMPTY_WAVE)) {
      return false;
    }
    List<SelectedNode> added = added(wave);
    return added.isEmpty()
        ? wave.completionTime() == null && selectsNone(wave)
        : added.stream()
            .allMatch(
                selectedNode ->
                    selectedNode.reachability() == SelectedNode.Reachability.UNREACHABLE);
  }

  private boolean selectsNone(WaveStatus wave) {
    LabelSelector selector = waves.get(wave.index() - 1).selector();
    return selector != null
        && order.stream().noneMatch(selectedNode -> selectedNode.matches(selector));
  }

  /** Its nodes that are not of an earlier wave. */
  private List<SelectedNode> added(WaveStatus wave) {
    Set<String> names = open(wave.index());
    names.removeAll(open(wave.index() - 1));
    return order.stream().filter(selectedNode -> names.contains(selectedNode.node())).toList();
  }

  /** What a wave that is untried waits for. */
  String waitsFor(WaveStatus wave) {
    String name = "wave %s (%d of %d)".formatted(wave.name(), wave.index(), wave.total());
    String pass =
        rolling.annotations().allowances().advice("to pass over it", SafetyOverrides.EMPTY_WAVE);
    List<String> nodes = added(wave).stream().map(SelectedNode::node).toList();
    return nodes.isEmpty()
        ? "%s selects none of the nodes: correct spec.rollout.waves[%d].selector or the Nodes' labels; %s"
            .formatted(name, wave.index() - 1, pass)
        : "%s waits: none of its nodes can be reached (%s). It continues when one is back, or when a node takes the place of a Node that is deleted; %s"
            .formatted(name, NameList.of(nodes, NAMED), pass);
  }

  /** Whether a wave that is done waits before the next one. */
  boolean isPaused(WaveStatus wave) {
    return pause(wave).isPresent()
        && end(wave)
            .map(rolling.now().uptime()::isBefore)
            .orElseGet(() -> !rolling.approval().releases(wave.index()));
  }

  /** When the pause after a wave that is done ends; empty for no end, or no pause. */
  Optional<Uptime> end(WaveStatus wave) {
    return length(wave)
        .map(length -> rolling.now().uptimeOf(Instant.parse(wave.completionTime())).plus(length));
  }

  /** That time by the wall clock, as far as it can be known. */
  Optional<Instant> writtenEnd(WaveStatus wave) {
    return length(wave).map(length -> Instant.parse(wave.completionTime()).plus(length));
  }

  private Optional<Duration> length(WaveStatus wave) {
    return pause(wave).flatMap(Wave.Pause::length);
  }

  private Optional<Wave.Pause> pause(WaveStatus wave) {
    return Optional.ofNullable(waves.get(wave.index() - 1).pause());
  }

  /** Names of the nodes that may switch while that wave runs. */
  Set<String> open(WaveStatus wave) {
    return open(wave.index());
  }

  private Set<String> open(int count) {
    Set<String> names = new HashSet<>();
    for (Wave next : waves.subList(0, count)) {
      if (next.selector() != null) {
        order.stream()
            .filter(selectedNode -> selectedNode.matches(next.selector()))
            .forEach(selectedNode -> names.add(selectedNode.node()));
      } else {
        int upTo = next.upTo(order.size());
        for (SelectedNode selectedNode : order) {
          if (names.size() < upTo) {
            names.add(selectedNode.node());
          }
        }
      }
    }
    return names;
  }
}
