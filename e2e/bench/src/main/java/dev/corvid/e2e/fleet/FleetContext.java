package dev.corvid.e2e.fleet;

import java.net.InetAddress;

/** What a simulated peer knows of the world. */
interface FleetContext {
  TrackerConnection connection(String token);

  /** A connection that comes from that address of this machine. */
  TrackerConnection connectionFrom(InetAddress address, String token);

  Gate gate();

  Deliveries deliveries();

  /** A peer has changed, in whatever way. */
  void changed(SimulatedPeer peer);

  /** Evenly from 0 to below {@code bound}. */
  long random(long bound);
}
