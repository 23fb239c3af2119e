package dev.corvid.operator.release;

import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A node that obeys, in its own time, unless something is broken. */
final class SimulatedNode {
  final String name;
  final Map<String, String> labels;
  Reachability reachability = Reachability.REACHABLE;
  boolean broken;

  private final Random random;
  private final Set<Content> held = new LinkedHashSet<>();
  private Content active;
  private NodeIntent intent;
  private State state;
  private int failures;

  SimulatedNode(String name, Random random) {
    this.name = name;
    this.random = random;
    this.labels = random.nextInt(4) == 0 ? Map.of("tier", "canary") : Map.of();
  }

  /** Word of a new grant; a node that is away hears nothing. */
  void told(NodeIntent next) {
    if (reachability != Reachability.REACHABLE || next.equals(intent)) {
      return;
    }
    intent = next;
    failures = 0;
    state = held.contains(next.content()) ? settled() : State.WAITING;
  }

  private State settled() {
    return intent.content().equals(active) ? State.ACTIVE : State.VERIFIED;
  }

  /** Does a piece of what it was told, or nothing. Also while it is away: it has heard it. */
  void act() {
    if (intent == null || random.nextInt(3) == 0) {
      return;
    }
    boolean holds = held.contains(intent.content());
    boolean activates = intent.action() == Action.ACTIVATE && !intent.content().equals(active);
    if (holds && !activates) {
      state = settled();
    } else if (broken) {
      boolean trying = state == State.FAILED && !holds && random.nextBoolean();
      failures += trying ? 0 : 1;
      state = trying ? State.DOWNLOADING : State.FAILED;
    } else if (!holds && state == State.DOWNLOADING) {
      held.add(intent.content());
      state = State.VERIFIED;
    } else if (!holds) {
      state = State.DOWNLOADING;
    } else {
      active = intent.content();
      state = State.ACTIVE;
    }
  }

  boolean serves(Content content) {
    return content.equals(active);
  }

  boolean holds(Content content) {
    return held.contains(content);
  }

  boolean servesAnother(Content content) {
    return active != null && !content.equals(active);
  }

  SelectedNode selectedNode() {
    return new SelectedNode(name, reachability, intent == null ? null : report(), labels);
  }

  private NodeReport report() {
    return new NodeReport(
        "11-22",
        new ReleaseName("search", "model"),
        "default",
        0,
        1,
        state,
        intent.content().manifestDigest(),
        active == null ? null : active.manifestDigest(),
        List.copyOf(held).stream().map(Content::manifestDigest).toList(),
        held.contains(intent.content()) ? 100 : 40,
        100,
        0,
        0,
        0,
        state == State.FAILED ? Reason.InsufficientDisk : null,
        state == State.FAILED ? "the disk is full" : null,
        failures,
        null,
        null);
  }

  @Override
  public String toString() {
    return "%s %s %s %s holds %s serves %s"
        .formatted(
            name,
            reachability,
            broken ? "broken" : "well",
            state,
            held.stream().map(Content::revision).toList(),
            active == null ? "nothing" : active.revision());
  }
}
