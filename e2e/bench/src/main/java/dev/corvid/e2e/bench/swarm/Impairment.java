package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Network;
import java.time.Duration;

/**
 * What the way between any two nodes does to packets.
 *
 * @param roundTrip added to theirs
 * @param loss the share of packets that get lost, either way
 */
public record Impairment(Duration roundTrip, double loss) {
  public static final Impairment NONE = new Impairment(Duration.ZERO, 0);

  /** From now on, until the network is closed. */
  public void start(Network network) throws Exception {
    if (!equals(NONE)) {
      Relay.start(network, this);
    }
  }
}
