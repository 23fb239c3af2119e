package dev.corvid.node;

import dev.corvid.metainfo.InfoHash;
import dev.corvid.store.Revision;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Which release of this node takes part in the swarm of which content: the first one that wants it.
 * Another release of equal content waits and copies from the first, once that one holds it, and
 * takes its place when it goes. Thread-safe.
 */
final class Shares {
  private final Map<InfoHash, Place> places = new HashMap<>();

  private static final class Place {
    Mailbox owner;
    Revision held;
    final SequencedSet<Mailbox> waiting = new LinkedHashSet<>();
  }

  /**
   * Whether the place is the claimant's now. If not, it is told {@link Event.TwinHeld} or {@link
   * Event.TwinGone} in time.
   */
  synchronized boolean claim(InfoHash content, Mailbox claimant) {
    Place place = places.computeIfAbsent(content, key -> new Place());
    if (place.owner == null || place.owner == claimant) {
      place.owner = claimant;
      place.waiting.remove(claimant);
      return true;
    }
    place.waiting.add(claimant);
    if (place.held != null) {
      claimant.send(new Event.TwinHeld(place.held));
    }
    return false;
  }

  /** The owner holds the content whole: others may copy it. */
  synchronized void settled(InfoHash content, Mailbox owner, Revision revision) {
    Place place = places.get(content);
    if (place != null && place.owner == owner && place.held == null) {
      place.held = revision;
      place.waiting.forEach(waiting -> waiting.send(new Event.TwinHeld(revision)));
    }
  }

  /** Gives up a place, or the wait for it. */
  synchronized void leave(InfoHash content, Mailbox leaver) {
    Place place = places.get(content);
    if (place == null) {
      return;
    }
    place.waiting.remove(leaver);
    if (place.owner == leaver) {
      place.owner = null;
      place.held = null;
      if (!place.waiting.isEmpty()) {
        place.waiting.removeFirst().send(new Event.TwinGone());
      }
    }
    if (place.owner == null && place.waiting.isEmpty()) {
      places.remove(content);
    }
  }
}
