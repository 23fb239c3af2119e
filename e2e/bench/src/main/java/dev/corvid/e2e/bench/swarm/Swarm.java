package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.program.Client;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A BitTorrent client in all parts of a swarm, and what befalls it there. */
public record Swarm(String name, Client client, UnaryOperator<SwarmPlan> change)
    implements Contestant {
  public static Swarm of(Client client) {
    return new Swarm(client.name(), client, UnaryOperator.identity());
  }

  public static Swarm of(Client client, Fault fault) {
    return new Swarm(client.name() + ", " + fault.words(), client, plan -> plan.with(fault));
  }

  public static Swarm of(Client client, SeederSeat seat) {
    return new Swarm(client.name() + ", " + seat.words(), client, plan -> plan.with(seat));
  }

  @Override
  public Outcome play(SwarmPlan plan, Content content, Setting setting, int repeat, Duration limit)
      throws Exception {
    try (var run = new SwarmRun(name, change.apply(plan), client, content, setting)) {
      var outcome = run.play(repeat, limit);
      run.verify(outcome);
      return outcome;
    }
  }
}
