package dev.corvid.node.torrent;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.store.Revision;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Which release of this node owns which swarm: the first one that asks. Another release with the
 * same swarm, and so of equal content, waits and copies from the first, once that one holds it, and
 * becomes the owner when it goes. Equal content of a namespace that shares nothing with this one is
 * in another swarm: neither learns of the other. Thread-safe.
 */
public final class TorrentRegistry {
  private final Map<SwarmId, Ownership> ownerships = new HashMap<>();

  private static final class Ownership {
    @Nullable Mailbox owner;
    @Nullable Revision held;
    final SequencedSet<Mailbox> waiting = new LinkedHashSet<>();
  }

  /**
   * Whether the swarm is the requester's now. If not, it receives {@link Event.DuplicateHeld} or
   * {@link Event.DuplicateReleased} later, the latter perhaps more than once; then it acquires
   * again, or leaves.
   */
  public synchronized boolean acquire(SwarmId swarm, Mailbox requester) {
    Ownership ownership = ownerships.computeIfAbsent(swarm, key -> new Ownership());
    if (ownership.owner == null || ownership.owner == requester) {
      ownership.owner = requester;
      ownership.waiting.remove(requester);
      return true;
    }
    ownership.waiting.add(requester);
    if (ownership.held != null) {
      requester.send(new Event.DuplicateHeld(ownership.held));
    }
    return false;
  }

  /** The owner holds the content whole: others may copy it. */
  public synchronized void settled(SwarmId swarm, Mailbox owner, Revision revision) {
    Ownership ownership = ownerships.get(swarm);
    if (ownership != null && ownership.owner == owner && ownership.held == null) {
      ownership.held = revision;
      ownership.waiting.forEach(waiting -> waiting.send(new Event.DuplicateHeld(revision)));
    }
  }

  /** Gives up the swarm, or the wait for it. */
  public synchronized void leave(SwarmId swarm, Mailbox leaver) {
    Ownership ownership = ownerships.get(swarm);
    if (ownership == null) {
      return;
    }
    ownership.waiting.remove(leaver);
    if (ownership.owner == leaver) {
      ownership.owner = null;
      ownership.held = null;
    }
    if (ownership.owner == null && ownership.waiting.isEmpty()) {
      ownerships.remove(swarm);
    } else if (ownership.owner == null) {
      // It stays in the queue until it acquires: should it leave before that, the next one is
      // notified.
      ownership.waiting.getFirst().send(new Event.DuplicateReleased());
    }
  }
}
