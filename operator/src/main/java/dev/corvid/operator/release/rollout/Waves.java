package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.api.v1alpha1.Wave;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.step.NameList;
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
import java.util.stream.Stream;

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
 * some reachable node of it neither switched nor failed      it continues
 * done, no pause                                             the next one
 * done, a pause with an end                                  the next one at that time
 * done, a pause without one                                  the next one when the wave is approved
 * the last one                                               it stays
 * </pre>
 *
 * <p>The status shows one wave, and the spec may be edited while it runs. The wave is found by its
 * name, and its place only orders:
 *
 * <pre>
 * the wave of the status                                     then
 * it stands in its place                                     it runs; those before it are over
 * it stands elsewhere, is removed or renamed, or has no      all waves are looked at again, with the
 * name and their number changed                              nodes as they are, and their pauses wait
 * the edit added a reachable node that has yet to switch     it is not done, and completes again
 * </pre>
 */
final class Waves {
  private static final int NAMED = 5;

  private final RolloutContext context;
  private final List<Wave> waves;
  private final List<SelectedNode> order;

  Waves(RolloutContext context) {
    this.context = context;
    this.waves = context.target().baseline() ? List.of() : context.policy().waves();
    this.order =
        context.nodes().selection().staying().stream()
            .sorted(Comparator.comparingInt(this::rank).thenComparing(SelectedNode::node))
            .toList();
  }

  /** What people call a wave, the first being 1. */
  static String name(List<Wave> waves, int index) {
    String name = waves.get(index - 1).name();
    return name == null ? "wave-" + index : name;
  }

  private static boolean waitsForApproval(Wave wave) {
    return wave.pause() != null && wave.pause().length().isEmpty();
  }

  /** Names of the waves whose pause ends when a person approves. */
  static List<String> waitingForApproval(List<Wave> waves) {
    return IntStream.rangeClosed(1, waves.size())
        .filter(index -> waitsForApproval(waves.get(index - 1)))
        .mapToObj(index -> name(waves, index))
        .toList();
  }

  /** Whether all nodes are one. */
  boolean isEmpty() {
    return waves.isEmpty();
  }

  private int rank(SelectedNode node) {
    if (context.serves(node)) {
      return 0;
    }
    return switch (node.reachability()) {
      case REACHABLE -> context.isTold(node) ? 1 : 2;
      case PENDING -> context.isTold(node) ? 1 : 3;
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
    WaveStatus wave = status(first());
    while (isDone(wave)) {
      wave = wave.completionTime() == null ? completed(wave) : wave;
      if (!mayGoOn || wave.index() == waves.size() || isPaused(wave)) {
        return Optional.of(wave);
      }
      wave = status(wave.index() + 1);
    }
    return Optional.of(wave);
  }

  /**
   * The waves before the known one are over as long as it stands in its place. Elsewhere an edit
   * has put, removed or moved waves before it, and nothing says which of them have run: all are
   * looked at again, as if the roll-out began with the nodes as they are.
   */
  private int first() {
    return context
        .wave()
        .map(WaveStatus::index)
        .filter(index -> index >= 1 && index <= waves.size() && isKnown(index))
        .orElseGet(() -> isServedEverywhere() ? waves.size() : 1);
  }

  /**
   * Whether that wave is the one that the status shows, wherever it stands now. The name of a wave
   * without one is its place, which says nothing in a list of another length.
   */
  private boolean isKnown(int index) {
    boolean named = waves.get(index - 1).name() != null;
    return context
        .wave()
        .filter(known -> name(waves, index).equals(known.name()))
        .filter(known -> named || Integer.valueOf(waves.size()).equals(known.total()))
        .isPresent();
  }

  /**
   * Whether no node is left to protect: with a status that was lost, the wave is lost, too, and
   * what was active everywhere is not to wait for it again.
   */
  private boolean isServedEverywhere() {
    return order.stream().anyMatch(SelectedNode::isReachable)
        && order.stream().allMatch(context::serves);
  }

  /**
   * A wave that an edit added nodes to is done when they are. A node that joins it later neither
   * undoes it nor makes its pause longer: where nodes come and go all day it would never end.
   */
  private WaveStatus status(int index) {
    WaveStatus known = context.wave().filter(wave -> isKnown(index)).orElse(null);
    return new WaveStatus(
        index,
        name(waves, index),
        waves.size(),
        known == null
            ? context.now().wall().truncatedTo(ChronoUnit.SECONDS).toString()
            : known.startTime(),
        known == null || context.before().edited() && isYetToSwitch(index)
            ? null
            : known.completionTime());
  }

  /** Nodes of which nothing is heard are no sign of it: they may have switched. */
  private boolean isYetToSwitch(int index) {
    return selectedNodes(index)
        .filter(
            node ->
                node.reachability() != SelectedNode.Reachability.UNREACHABLE
                    && node.report() != null)
        .anyMatch(node -> !context.isDone(node));
  }

  /** The time is rounded up: a pause is never shorter than written. */
  private WaveStatus completed(WaveStatus wave) {
    Instant end = context.now().wall().plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    return new WaveStatus(
        wave.index(), wave.name(), wave.total(), wave.startTime(), end.toString());
  }

  private boolean isDone(WaveStatus wave) {
    return !isUntried(wave)
        && selectedNodes(wave.index())
            .allMatch(
                node ->
                    switch (node.reachability()) {
                      case REACHABLE -> context.isDone(node);
                      case PENDING -> false;
                      case UNREACHABLE -> true;
                    });
  }

  /** A node that was granted activation counts, even if others have taken its place in the wave. */
  private Stream<SelectedNode> selectedNodes(int index) {
    Set<String> names = open(index);
    return order.stream().filter(node -> names.contains(node.node()) || context.isTold(node));
  }

  /**
   * Whether no node speaks for a wave before the last, whatever the cause: the next wave would give
   * all nodes what a few were to try. A wave by labels that was done stays so although its nodes
   * lose them.
   */
  boolean isUntried(WaveStatus wave) {
    if (wave.index() == waves.size()
        || context.annotations().overrides().isAllowed(SafetyOverrides.EMPTY_WAVE)) {
      return false;
    }
    List<SelectedNode> added = added(wave);
    return added.isEmpty()
        ? wave.completionTime() == null && selectsNone(wave)
        : added.stream()
            .allMatch(node -> node.reachability() == SelectedNode.Reachability.UNREACHABLE);
  }

  private boolean selectsNone(WaveStatus wave) {
    LabelSelector selector = waves.get(wave.index() - 1).selector();
    return selector != null && order.stream().noneMatch(node -> node.matches(selector));
  }

  /** Its nodes that are not of an earlier wave. */
  private List<SelectedNode> added(WaveStatus wave) {
    Set<String> names = open(wave.index());
    names.removeAll(open(wave.index() - 1));
    return order.stream().filter(node -> names.contains(node.node())).toList();
  }

  /** What a wave that is untried waits for. */
  String waitsFor(WaveStatus wave) {
    String name = "wave %s (%d of %d)".formatted(wave.name(), wave.index(), wave.total());
    String pass =
        context.annotations().overrides().advice("to pass over it", SafetyOverrides.EMPTY_WAVE);
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
            .map(context.now().uptime()::isBefore)
            .orElseGet(() -> !context.approval().releases(wave.index()));
  }

  /** When the pause after a wave that is done ends; empty for no end, or no pause. */
  Optional<Uptime> end(WaveStatus wave) {
    return length(wave)
        .map(length -> context.now().uptimeOf(Instant.parse(wave.completionTime())).plus(length));
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
            .filter(node -> node.matches(next.selector()))
            .forEach(node -> names.add(node.node()));
      } else {
        int upTo = next.upTo(order.size());
        for (SelectedNode node : order) {
          if (names.size() < upTo) {
            names.add(node.node());
          }
        }
      }
    }
    return names;
  }
}
