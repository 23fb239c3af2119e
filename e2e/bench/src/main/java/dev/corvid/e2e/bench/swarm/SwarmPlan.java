package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Seeders and their peers.
 *
 * @param links the seeders' first
 * @param seeders how many of them; one where nothing else is said
 * @param joining the peers start one after the other over this long, the first with the seeder
 * @param seat of the first seeder; with a peer, its own link idles
 */
public record SwarmPlan(
    String row,
    List<Link> links,
    int seeders,
    Duration joining,
    Fault fault,
    Impairment impairment,
    SeederSeat seat) {

  /** One seeder, all links alike. */
  public static SwarmPlan of(String row, int peers, Link link) {
    return new SwarmPlan(
        row,
        Collections.nCopies(1 + peers, link),
        1,
        Duration.ZERO,
        Fault.NONE,
        Impairment.NONE,
        SeederSeat.OWN_NODE);
  }

  /** The later half of the peers on other links. */
  public SwarmPlan halfOn(Link slow) {
    var links = new ArrayList<>(this.links);
    for (int node = seeders + peers() / 2; node < links.size(); node++) {
      links.set(node, slow);
    }
    return new SwarmPlan(row, links, seeders, joining, fault, impairment, seat);
  }

  /** The first nodes have everything. */
  public SwarmPlan seededBy(int seeders) {
    return new SwarmPlan(row, links, seeders, joining, fault, impairment, seat);
  }

  public SwarmPlan joiningOver(Duration joining) {
    return new SwarmPlan(row, links, seeders, joining, fault, impairment, seat);
  }

  public SwarmPlan with(Fault fault) {
    return new SwarmPlan(row, links, seeders, joining, fault, impairment, seat);
  }

  public SwarmPlan with(Impairment impairment) {
    return new SwarmPlan(row, links, seeders, joining, fault, impairment, seat);
  }

  public SwarmPlan with(SeederSeat seat) {
    return new SwarmPlan(row, links, seeders, joining, fault, impairment, seat);
  }

  /** The node of a seeder. */
  int nodeOf(int seeder) {
    return seeder == 0 && seat != SeederSeat.OWN_NODE ? seeders : seeder;
  }

  int peers() {
    return links.size() - seeders;
  }

  Link linkOf(int peer) {
    return links.get(seeders + peer);
  }

  /** How many peers must finish. */
  int counted() {
    return fault.takesAPeer() ? peers() - 1 : peers();
  }

  Duration joins(int peer) {
    return peers() == 1 ? Duration.ZERO : joining.multipliedBy(peer).dividedBy(peers() - 1);
  }
}
