package dev.corvid.node;

import dev.corvid.swarm.Swarm;
import dev.corvid.wire.Grant;
import dev.corvid.wire.Neighbours;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** What every release on this node shares. */
interface NodeContext {
  RootShelf roots();

  Swarm swarm();

  Shares shares();

  Traffic traffic();

  /** Pauses between attempts. */
  Backoff backoff();

  RandomGenerator random();

  /** Asks the tracker who has a content. Blocks. */
  Neighbours neighbours(String infoHash) throws IOException, InterruptedException;

  /** Some release is in another state than before. */
  void changed();

  /** A grant was not obeyed. */
  void refused(GrantRefusal kind, Grant grant);
}
