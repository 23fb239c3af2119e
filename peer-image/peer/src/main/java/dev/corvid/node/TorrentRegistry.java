package dev.corvid.node;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.store.Revision;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Which release of this node owns which swarm: the first one that asks. Another release with the
 * same swarm, and so of equal content, waits and copies from the first, once that one holds it, and
 * takes its place when it goes. Equal content of a namespace that shares nothing with this one is
 * in another swarm: neither learns of the other. Thread-safe.
 */
final class TorrentRegistry {
  private final Map<SwarmId, Place> places = new HashMap<>();

  private static final class Place {
    Mailbox owner;
    Revision held;
    final SequencedSet<Mailbox> waiting = new LinkedHashSet<>();
  }

  /**
   * Whether the swarm is the requester's now. If not, it receives {@link Event.DuplicateHeld} or
   * {@link Event.DuplicateReleased} later, the latter perhaps more than once; then it acquires
   * again, or leaves.
   */
  synchronized boolean acquire(SwarmId swarm, Mailbox requester) {
    Place place = places.computeIfAbsent(swarm, key -> new Place());
    if (place.owner == null || place.owner == requester) {
      place.owner = requester;
      place.waiting.remove(requester);
      return true;
    }
    place.waiting.add(requester);
    if (place.held != null) {
      requester.send(new Event.DuplicateHeld(place.held));
    }
    return false;
  }

  /** The owner holds the content whole: others may copy it. */
  synchronized void settled(SwarmId swarm, Mailbox owner, Revision revision) {
    Place place = places.get(swarm);
    if (place != null && place.owner == owner && place.held == null) {
      place.held = revision;
      place.waiting.forEach(waiting -> waiting.send(new Event.DuplicateHeld(revision)));
    }
  }

  /** Gives up a place, or the wait for it. */
  synchronized void leave(SwarmId swarm, Mailbox leaver) {
    Place place = places.get(swarm);
    if (place == null) {
      return;
    }
    place.waiting.remove(leaver);
    if (place.owner == leaver) {
      place.owner = null;
      place.held = null;
    }
    if (place.owner == null && place.waiting.isEmpty()) {
      places.remove(swarm);
    } else if (place.owner == null) {
      // It stays in the queue until it acquires: should it leave before that, the next one is
      // notified.
      place.waiting.getFirst().send(new Event.DuplicateReleased());
    }
  }
}
