package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One seeder and its peers.
 *
 * @param links the seeder's first
 * @param joining the peers start one after the other over this long, the first with the seeder
 */
public record SwarmPlan(String row, List<Link> links, Duration joining, Fault fault) {

  /** All links alike. */
  public static SwarmPlan of(String row, int peers, Link link) {
    return new SwarmPlan(row, Collections.nCopies(1 + peers, link), Duration.ZERO, Fault.NONE);
  }

  /** The later half of the peers on other links. */
  public SwarmPlan halfOn(Link slow) {
    var links = new ArrayList<>(this.links);
    for (int node = 1 + peers() / 2; node < links.size(); node++) {
      links.set(node, slow);
    }
    return new SwarmPlan(row, links, joining, fault);
  }

  public SwarmPlan joiningOver(Duration joining) {
    return new SwarmPlan(row, links, joining, fault);
  }

  public SwarmPlan with(Fault fault) {
    return new SwarmPlan(row, links, joining, fault);
  }

  int peers() {
    return links.size() - 1;
  }

  /** How many peers must finish. */
  int counted() {
    return fault.takesAPeer() ? peers() - 1 : peers();
  }

  Duration joins(int peer) {
    return peers() == 1 ? Duration.ZERO : joining.multipliedBy(peer).dividedBy(peers() - 1);
  }
}
