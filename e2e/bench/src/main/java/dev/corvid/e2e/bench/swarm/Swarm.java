package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.program.Client;
import java.time.Duration;

/** A BitTorrent client in all parts of a swarm, and what befalls it there. */
public record Swarm(String name, Client client, Fault fault) implements Contestant {
  public static Swarm of(Client client) {
    return new Swarm(client.name(), client, Fault.NONE);
  }

  public static Swarm of(Client client, Fault fault) {
    return new Swarm(client.name() + ", " + fault.words(), client, fault);
  }

  @Override
  public Outcome play(SwarmPlan plan, Content content, Setting setting, int repeat, Duration limit)
      throws Exception {
    try (var run = new SwarmRun(name, plan.with(fault), client, content, setting)) {
      var outcome = run.play(repeat, limit);
      run.verify(outcome);
      return outcome;
    }
  }
}
