package dev.corvid.node;

import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.wire.Grant;
import dev.corvid.wire.Neighbours;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** What every release on this node shares. */
interface NodeContext {
  /** The node's name. */
  String name();

  DamageCount damage();

  RootRegistry roots();

  Swarm swarm();

  TorrentRegistry torrents();

  Traffic traffic();

  /** The pod's IP. */
  InetAddress address();

  /** Pauses between attempts. */
  Backoff backoff();

  RandomGenerator random();

  Clock clock();

  Scrubber scrubber();

  /** Asks the tracker who has a content. Blocks. */
  Neighbours neighbours(String swarm) throws IOException, InterruptedException;

  /** Whether the tracker answers. */
  boolean hasTracker();

  /** Some release is in another state than before. */
  void changed();

  /** A grant was not obeyed. */
  void refused(GrantRefusal kind, Grant grant);
}
