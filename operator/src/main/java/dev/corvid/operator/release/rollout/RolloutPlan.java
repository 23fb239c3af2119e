package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.wire.grant.Content;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The decision of a roll-out: who holds, activates or removes what, and where the roll-out is. A
 * pure function of policy, fleet and clock, so a restarted operator comes to the same answer.
 *
 * <pre>
 * state         the first that is true                                  who is told to switch
 * Stopped       more nodes failed than maxFailed                        nobody new; the told continue, or
 *                                                                       are called back as if Paused
 * Complete      every reachable node serves the target or failed,       everybody
 *               and the last wave runs
 * Distributing  no node serves it, and a reachable one neither          nobody
 *               holds it nor failed
 * Paused        another revision is asked for                           nobody; the told are called back
 * Paused        corvid.dev/hold is true                                 nobody; the told are called back
 * Paused        approval is Required, the target was not active         nobody; the told are called back
 *               everywhere, and neither approvedRevision nor
 *               corvid.dev/approve names it, or they differ
 * Paused        no node speaks for the wave                             nodes of the waves so far
 * Paused        the wave is done, its pause has a duration, and that    nodes of the waves so far
 *               is not over
 * Paused        the wave is done, its pause is untilApproved, and       nodes of the waves so far
 *               corvid.dev/approve does not name target and wave
 * Switching     otherwise                                               nodes of the waves so far
 * </pre>
 *
 * <p>An edit of the waves in between changes which of them runs ({@link Waves}):
 *
 * <pre>
 * edit                                             the wave that runs then
 * before it one is added or removed, or its        the first that is not done with the nodes as they
 * place or name changes                            are, or whose pause no person ended
 * it is removed                                    the same
 * it gains nodes: widened, or another selector     it, not done until they have switched; then it
 *                                                  pauses
 * it loses nodes                                   it; their activation is withdrawn
 * its pause                                        it; the pause counts from when it was done
 * one after it                                     it; without a name, the first again if their
 *                                                  number changed
 * all waves are removed                            none: all nodes may switch
 * </pre>
 *
 * <p>Of the nodes that may switch, at most {@code maxConcurrent} reachable ones have been granted
 * activation and have neither switched nor failed. If an edit makes them too many, or one becomes
 * unreachable, its grant is withdrawn, and it waits for its turn when it returns. A node that
 * serves no revision has nothing to lose: it activates as soon as it holds the target, unless the
 * others still serve an earlier revision, its wave is yet to come, or the target waits for an
 * approval or is held and was not active everywhere. It is not given the earlier revision
 * meanwhile: peers meet in the swarm of one revision of a release, which is the target, and none
 * would send it the earlier one.
 *
 * @param intents of each node, by its name
 * @param wave null when there are no waves, or none has begun
 */
public record RolloutPlan(
    Map<String, NodeIntent> intents, RolloutState state, @Nullable WaveStatus wave) {

  public static RolloutPlan rollOut(RolloutContext context) {
    return new Decider(context).plan();
  }

  /**
   * While suspended: every node keeps what it serves, and one that serves nothing does not
   * activate.
   *
   * @param known the revisions of the history
   * @param wave the one that ran
   */
  public static RolloutPlan suspended(
      List<Content> known, NodeSelection selection, @Nullable WaveStatus wave) {
    Map<String, NodeIntent> intents = new TreeMap<>();
    for (SelectedNode node : selection.desired()) {
      known.stream()
          .filter(content -> node.serves(content.manifestDigest()))
          .findFirst()
          .ifPresent(content -> intents.put(node.node(), NodeIntent.activate(content)));
    }
    return new RolloutPlan(intents, new RolloutState.Distributing(), wave);
  }

  /** When nothing was ever placed. */
  public static RolloutPlan nothing() {
    return new RolloutPlan(Map.of(), new RolloutState.Distributing(), null);
  }

  private static final class Decider {
    private final RolloutContext context;
    private final NodeSelection selection;
    private final boolean replacing;
    private final boolean gateOpen;
    private final @Nullable String held;
    private final Waves waves;
    private final @Nullable WaveStatus wave;
    private final Set<String> open;

    Decider(RolloutContext context) {
      this.context = context;
      this.selection = context.nodes().selection();
      this.replacing = context.anyServesAnother();
      // Once a node has switched, a node that joins later does not stop the others.
      this.gateOpen = context.anyServes() || context.isPlaced();
      this.held = held();
      this.waves = new Waves(context);
      boolean mayGoOn = gateOpen && held == null && !context.tooManyFailed();
      this.wave = gateOpen ? waves.running(mayGoOn).orElse(null) : null;
      this.open = open();
    }

    RolloutPlan plan() {
      Map<String, NodeIntent> intents = new TreeMap<>();
      selection.leaving().forEach(node -> intents.put(node.node(), NodeIntent.REMOVE));
      Set<String> activating = activating();
      // A node whose peer is being replaced keeps its grant: nothing changes for it, or for others.
      Stream<SelectedNode> away = selection.absent().stream().filter(node -> node.report() != null);
      Stream.concat(selection.desired().stream(), away)
          .forEach(
              node ->
                  intents.put(
                      node.node(),
                      activating.contains(node.node())
                          ? NodeIntent.activate(context.target().content())
                          : NodeIntent.hold(context.target().content())));
      return new RolloutPlan(
          intents, state(), context.target().baseline() ? context.before().wave() : wave);
    }

    /** Why no further node may switch, for a person; null when it may. */
    private @Nullable String held() {
      return context.target().superseded()
          ? "another revision is asked for"
          : context.approval().hold().orElse(null);
    }

    /** Names of the nodes whose turn it is. */
    private Set<String> open() {
      if (wave != null) {
        return waves.open(wave);
      }
      return waves.isEmpty()
          ? Stream.concat(selection.desired().stream(), selection.absent().stream())
              .map(SelectedNode::node)
              .collect(Collectors.toSet())
          : Set.of();
    }

    private Set<String> activating() {
      Set<String> names = new HashSet<>();
      Stream.concat(selection.desired().stream(), selection.absent().stream())
          .filter(node -> context.serves(node) || mayJoin(node) || staysFailed(node))
          .forEach(node -> names.add(node.node()));
      Stream.concat(selection.desired().stream().filter(this::keepsActivation), next())
          .filter(node -> !names.contains(node.node()))
          .limit(concurrencyLimit())
          .forEach(node -> names.add(node.node()));
      return names;
    }

    /** Nodes that are known to serve no revision: they take no other node's turn. */
    private boolean mayJoin(SelectedNode node) {
      boolean known = node.isReachable() || node.report() != null;
      return (held == null || context.target().baseline())
          && known
          && !node.servesAnything()
          && (gateOpen || (!replacing && waves.isEmpty()))
          && open.contains(node.node());
    }

    private boolean keepsActivation(SelectedNode node) {
      return held == null
          && gateOpen
          && context.isTold(node)
          && context.servesAnother(node)
          && node.reachability() != Reachability.UNREACHABLE
          && open.contains(node.node());
    }

    /** It retries by itself, and takes no other node's turn. */
    private boolean staysFailed(SelectedNode node) {
      return keepsActivation(node) && context.failed(node);
    }

    /** Those whose turn is next, in the order of names. */
    private Stream<SelectedNode> next() {
      if (!gateOpen || held != null || context.tooManyFailed()) {
        return Stream.of();
      }
      return selection.reachable().stream()
          .filter(node -> open.contains(node.node()) && !keepsActivation(node))
          .filter(node -> context.holds(node) && !context.isDone(node));
    }

    /** How many may be switching. A node that has not reported may be switching as well. */
    private long concurrencyLimit() {
      long unknown =
          selection.desired().stream()
              .filter(node -> replacing && node.reachability() == Reachability.PENDING)
              .filter(node -> node.report() == null)
              .count();
      int most = context.policy().switchingAtOnce(selection.desired().size());
      return Math.max(0, most - unknown);
    }

    private RolloutState state() {
      if (context.tooManyFailed()) {
        return new RolloutState.Stopped();
      }
      if (isComplete()) {
        return new RolloutState.Complete();
      }
      if (!gateOpen) {
        return new RolloutState.Distributing();
      }
      if (held != null) {
        return new RolloutState.Paused(held, null);
      }
      if (wave != null && waves.isUntried(wave)) {
        return new RolloutState.Paused(waves.waitsFor(wave), null);
      }
      return wave != null && isDone(wave) && waves.isPaused(wave)
          ? pause(wave)
          : new RolloutState.Switching();
    }

    private boolean isComplete() {
      return selection.isSettled()
          && !selection.reachable().isEmpty()
          && (wave == null || wave.index().equals(wave.total()))
          && selection.reachable().stream().allMatch(context::isDone)
          && context.anyServes();
    }

    private static boolean isDone(WaveStatus wave) {
      return wave.completionTime() != null && wave.index() < wave.total();
    }

    private RolloutState pause(WaveStatus wave) {
      String what =
          "wave %s (%d of %d) is done; ".formatted(wave.name(), wave.index(), wave.total());
      return waves
          .writtenEnd(wave)
          .map(end -> what + "the next one begins at " + end)
          .map(why -> new RolloutState.Paused(why, waves.end(wave).orElseThrow()))
          .orElseGet(
              () -> new RolloutState.Paused(what + context.approval().release(wave.index()), null));
    }
  }
}
