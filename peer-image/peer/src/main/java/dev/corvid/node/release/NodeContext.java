package dev.corvid.node.release;

import dev.corvid.bittorrent.Backoff;
import dev.corvid.bittorrent.swarm.SwarmEngine;
import dev.corvid.node.check.GrantRefusal;
import dev.corvid.node.root.DamageCount;
import dev.corvid.node.root.RootRegistry;
import dev.corvid.node.root.Scrubber;
import dev.corvid.node.torrent.TorrentRegistry;
import dev.corvid.node.torrent.Traffic;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.Neighbours;
import java.net.InetAddress;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What every release on this node shares. */
public interface NodeContext {
  /** The node's name. */
  String name();

  DamageCount damage();

  RootRegistry roots();

  SwarmEngine swarm();

  TorrentRegistry torrents();

  Traffic traffic();

  /** The pod's IP. */
  InetAddress address();

  /** Pauses between attempts. */
  Backoff backoff();

  RandomGenerator random();

  Clock clock();

  Scrubber scrubber();

  /** Monotonic, for pauses: as {@link System#nanoTime}. */
  long nanoTime();

  /**
   * Asks the tracker who has a content. Does not wait.
   *
   * @param known receives the answer on another thread; not called when there is none
   */
  void askForNeighbours(String swarm, Consumer<Neighbours> known);

  /** Whether the tracker answers. */
  boolean hasTracker();

  /** Some release is in another state than before. */
  void changed();

  /** A grant was not obeyed. */
  void refused(GrantRefusal kind, Grant grant);
}
