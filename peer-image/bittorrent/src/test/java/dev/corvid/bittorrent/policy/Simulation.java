package dev.corvid.bittorrent.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A swarm without sockets: the real {@link Policy} of every node, on links that are shared fairly
 * and delay what is sent over them. Seeded, so that a run is repeated to the bit.
 */
final class Simulation {
  private static final long TICK = 250 * Scenario.MILLISECOND;
  private static final long HOUR = 3_600_000 * Scenario.MILLISECOND;

  /**
   * @param seconds per peer from when it joined; infinite for those that did not finish, not a
   *     number for the one that was not to
   * @param bounds what each needed at least
   * @param seederCopies copies that the seeder sent altogether
   * @param seederFirst copies it had sent when the peers together held one
   * @param messages small messages per piece and peer, without HAVE
   * @param wasted bytes that came twice, over all that were needed
   * @param beginnings per peer, {@link SimulatedNode#beginning}
   */
  record Result(
      double[] seconds,
      double[] bounds,
      double seederCopies,
      double seederFirst,
      double messages,
      double wasted,
      double[] beginnings) {

    /** The largest of all nodes that finished, over its own bound. */
    double last() {
      return ratios().max().orElseThrow();
    }

    double median() {
      var sorted = ratios().sorted().toArray();
      return sorted[sorted.length / 2];
    }

    /** The largest over its bound of those whose bound is the least. */
    double lastOfTheFast() {
      var least = Arrays.stream(bounds).min().orElseThrow();
      var worst = 0.0;
      for (var i = 0; i < bounds.length; i++) {
        if (bounds[i] == least && !Double.isNaN(seconds[i])) {
          worst = Math.max(worst, seconds[i] / bounds[i]);
        }
      }
      return worst;
    }

    long unfinished() {
      return Arrays.stream(seconds).filter(Double::isInfinite).count();
    }

    private java.util.stream.DoubleStream ratios() {
      return java.util.stream.IntStream.range(0, seconds.length)
          .filter(i -> Double.isFinite(seconds[i]))
          .mapToDouble(i -> seconds[i] / bounds[i]);
    }
  }

  private final Scenario scenario;
  private final Agenda agenda = new Agenda();
  private final SplittableRandom random;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedNode> joined = new ArrayList<>();
  private final BitSet spread = new BitSet();
  private double seederFirst;
  private long wastedParts;
  private long messages;
  private int open;

  Simulation(Scenario scenario) {
    this.scenario = scenario;
    random = new SplittableRandom(scenario.seed);
    for (var id = 0; id < scenario.nodes(); id++) {
      nodes.add(new SimulatedNode(this, scenario, id));
    }
  }

  Result run() {
    open = scenario.nodes() - 1;
    for (var id = 0; id < scenario.nodes(); id++) {
      var node = nodes.get(id);
      if (scenario.joins[id] == 0) {
        joined.add(node);
      } else {
        agenda.at(scenario.joins[id], () -> joinedBy(node));
      }
    }
    for (var node : List.copyOf(joined)) {
      dial(node);
    }
    if (scenario.misfortune >= 0) {
      agenda.at((long) (scenario.after * scenario.bound(1) * 1e9), this::misfortune);
    }
    while (open > 0 && agenda.now() < HOUR && agenda.next()) {}
    return result();
  }

  Agenda agenda() {
    return agenda;
  }

  SimulatedNode seeder() {
    return nodes.getFirst();
  }

  void counted(int more) {
    messages += more;
  }

  void wasted() {
    wastedParts++;
  }

  void spread(int piece) {
    if (spread.get(piece)) {
      return;
    }
    spread.set(piece);
    if (spread.cardinality() < scenario.pieces) {
      return;
    }
    seederFirst = copies();
    if (scenario.seederDiesAfterOneCopy) {
      nodes.getFirst().die();
    }
  }

  void finished(SimulatedNode node) {
    if (!node.afflicted()) {
      open--;
    }
  }

  private void joinedBy(SimulatedNode node) {
    joined.add(node);
    dial(node);
  }

  /** Everybody tries the seeder, and as many of the others as it is to dial. */
  private void dial(SimulatedNode node) {
    agenda.at(agenda.now() + random.nextLong(TICK), () -> tick(node));
    var candidates = joined.size();
    tryToConnect(node, nodes.getFirst());
    for (int dialled = 0, tries = 0;
        dialled < Math.min(scenario.dials, candidates - 1) && tries < 4 * scenario.dials;
        tries++) {
      if (tryToConnect(node, joined.get(random.nextInt(candidates)))) {
        dialled++;
      }
    }
  }

  private static boolean tryToConnect(SimulatedNode node, SimulatedNode other) {
    if (node == other || node.full() || other.full() || !other.alive() || node.knows(other)) {
      return false;
    }
    SimulatedNode.connect(node, other);
    return true;
  }

  private void tick(SimulatedNode node) {
    node.tick();
    agenda.at(agenda.now() + TICK, () -> tick(node));
  }

  private void misfortune() {
    var node = nodes.get(scenario.misfortune);
    if (!node.complete()) {
      open--;
    }
    switch (scenario.kind) {
      case FREEZES -> node.freeze();
      case DIES -> node.die();
      case CORRUPTS -> node.corruptFromNowOn();
    }
  }

  private double copies() {
    return nodes.getFirst().link().partsSent() / (double) scenario.parts / scenario.pieces;
  }

  private Result result() {
    var seconds = new double[scenario.nodes() - 1];
    var bounds = new double[seconds.length];
    for (var i = 0; i < seconds.length; i++) {
      var node = nodes.get(i + 1);
      seconds[i] = node.afflicted() ? Double.NaN : node.finishedAt() - scenario.joins[i + 1] / 1e9;
      bounds[i] = scenario.bound(i + 1);
    }
    var transfers = (double) scenario.pieces * seconds.length;
    return new Result(
        seconds,
        bounds,
        copies(),
        seederFirst,
        messages / transfers,
        wastedParts / transfers / scenario.parts,
        nodes.stream().skip(1).mapToDouble(SimulatedNode::beginning).toArray());
  }
}
