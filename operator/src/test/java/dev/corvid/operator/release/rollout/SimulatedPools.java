package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.Nodes;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.Given;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Nodes in pools, a user who edits the selector, Nodes that lose and change their labels, and an
 * operator that is restarted: all of one seed. Counts on its own who may be told to leave.
 */
final class SimulatedPools {
  private static final List<String> POOLS = List.of("a", "b", "c");

  private final Random random;
  private final List<Pooled> nodes = new ArrayList<>();
  private RemovalRate rate = new RemovalRate();
  private Map<String, Instant> lately = new TreeMap<>();
  private Set<String> removing = Set.of();
  private Set<String> selector;
  private int minimum;
  private long generation = 1;
  private long allowed;
  private boolean heard = true;
  private Instant now = Given.NOW;

  private static final class Pooled {
    private final String name;
    private String pool;
    private boolean serves;
    private Reachability reachability = Reachability.REACHABLE;
    private NodeIntent intent;

    Pooled(String name, String pool) {
      this.name = name;
      this.pool = pool;
    }

    SelectedNode selectedNode() {
      SelectedNode node = serves ? Given.serving(name, Given.NEW) : Given.fresh(name);
      return Given.with(node, reachability);
    }
  }

  SimulatedPools(Random random) {
    this.random = random;
    int size = 1 + random.nextInt(30);
    for (int i = 0; i < size; i++) {
      nodes.add(new Pooled("n%02d".formatted(i), anyPool()));
    }
    edit();
  }

  private String anyPool() {
    return POOLS.get(random.nextInt(POOLS.size()));
  }

  private void edit() {
    selector = new TreeSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      selector.add(anyPool());
    }
    minimum = random.nextInt(4);
    generation++;
  }

  /** Something happens: to a label, a selector, a node or the operator. */
  void disturb() {
    Pooled any = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(16)) {
      case 0, 1 -> any.pool = null;
      case 2 -> nodes.forEach(node -> node.pool = null);
      case 3, 4 -> any.pool = anyPool();
      case 5 -> nodes.forEach(node -> node.pool = anyPool());
      case 6, 7 -> edit();
      case 8 -> any.reachability = Reachability.UNREACHABLE;
      case 9, 10 -> nodes.forEach(node -> node.reachability = Reachability.REACHABLE);
      case 11 -> restart();
      case 12 -> allowed = generation;
      case 13 -> heard = !heard;
      default -> {}
    }
  }

  /** The minute begins again, and no grant is in force. */
  private void restart() {
    rate = new RemovalRate();
    lately = new TreeMap<>();
    removing = Set.of();
  }

  /** Every label and the selector fit again, or the user allows what is. */
  void settle() {
    heard = true;
    nodes.forEach(node -> node.reachability = Reachability.REACHABLE);
    nodes.forEach(node -> node.pool = node.pool == null ? anyPool() : node.pool);
    if (random.nextBoolean()) {
      selector = new TreeSet<>(POOLS);
      minimum = 1;
      generation++;
    } else {
      allowed = generation;
    }
  }

  private boolean matches(Pooled node) {
    return node.pool != null && selector.contains(node.pool);
  }

  /** The operator looks, and the nodes that hear it obey; what should not have been is returned. */
  String step() {
    RemovalPlan removalPlan =
        RemovalPlan.of(
            release(),
            selection(),
            removing.stream().map(node -> Given.grant(node, NodeIntent.REMOVE)).toList(),
            Given.uptime(now),
            Set::of,
            rate);
    String violation = violation(removalPlan.told());
    removing = removalPlan.told();
    for (Pooled node : nodes) {
      if (node.reachability != Reachability.REACHABLE) {
        continue;
      }
      if (matches(node)) {
        node.intent = NodeIntent.activate(Given.NEW);
      } else if (removing.contains(node.name)) {
        node.intent = NodeIntent.REMOVE;
      }
      if (node.intent != null && random.nextInt(3) > 0) {
        node.serves = node.intent != NodeIntent.REMOVE;
      }
    }
    now = now.plusMillis(random.nextInt(20_000));
    return violation;
  }

  private String violation(Set<String> told) {
    List<Pooled> leaving = nodes.stream().filter(n -> n.serves && !matches(n)).toList();
    long staying = nodes.stream().filter(n -> n.serves && matches(n)).count();
    long matching = nodes.stream().filter(this::matches).count();
    lately.values().removeIf(at -> !now.isBefore(at.plusSeconds(60)));
    Set<String> next = new TreeSet<>(told);
    next.removeAll(removing);
    int before = lately.size();
    next.forEach(node -> lately.putIfAbsent(node, now));
    if (!leaving.stream().map(node -> node.name).toList().containsAll(told)) {
      return told + " are told, " + leaving.size() + " leave";
    }
    if (!next.isEmpty() && !heard) {
      return "told before all were heard";
    }
    int most = Math.max(1, Math.ceilDiv(leaving.size() + (int) staying, 10));
    if (lately.size() > before && lately.size() > most) {
      return "told within a minute: " + lately;
    }
    boolean mistaken = leaving.size() > staying || matching < minimum;
    return heard && mistaken && allowed != generation && !told.isEmpty()
        ? "%d leave, %d stay, %d match, told %s".formatted(leaving.size(), staying, matching, told)
        : null;
  }

  private NodeSelection selection() {
    var order = Comparator.comparing(SelectedNode::node);
    return new NodeSelection(
        nodes.stream().filter(this::matches).map(Pooled::selectedNode).sorted(order).toList(),
        List.of(),
        nodes.stream()
            .filter(node -> node.serves && !matches(node))
            .map(Pooled::selectedNode)
            .sorted(order)
            .toList(),
        heard,
        null);
  }

  private SwarmRelease release() {
    var release = new SwarmRelease();
    release.setMetadata(
        new ObjectMetaBuilder()
            .withName("model")
            .withNamespace("search")
            .withUid("11-22")
            .withGeneration(generation)
            .addToAnnotations(SafetyOverrides.REMOVAL, Long.toString(allowed))
            .build());
    release.setSpec(
        new SwarmReleaseSpec(
            null,
            null,
            null,
            new Nodes(new LabelSelector(), minimum),
            null,
            null,
            null,
            null,
            null,
            null));
    return release;
  }

  boolean isConverged() {
    return nodes.stream().allMatch(node -> node.serves == matches(node));
  }

  @Override
  public String toString() {
    return "selector %s, minimum %d, generation %d, allowed %d: %s"
        .formatted(
            selector,
            minimum,
            generation,
            allowed,
            nodes.stream()
                .map(
                    n ->
                        n.name
                            + " in "
                            + n.pool
                            + (n.serves ? " serves" : "")
                            + " "
                            + n.reachability)
                .toList());
  }
}
