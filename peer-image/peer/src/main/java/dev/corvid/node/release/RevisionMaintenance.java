package dev.corvid.node.release;

import dev.corvid.node.torrent.Event;
import dev.corvid.node.torrent.Event.Alarm;
import dev.corvid.node.torrent.Mailbox;
import dev.corvid.store.Release;
import dev.corvid.store.Revision;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.grant.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Retention and scrubbing of a release's revisions on this node: what is no longer kept is removed,
 * the rest is read again from time to time. Belongs to the release's agent.
 */
final class RevisionMaintenance {
  private static final Logger log = Logger.getLogger(RevisionMaintenance.class.getName());
  private static final Duration CLEAN_UP_AGAIN = Duration.ofMinutes(1);
  private static final Duration CHECK_AGAIN = Duration.ofMinutes(10);

  private final NodeContext node;
  private final Mailbox mailbox;
  private final AgentLog events;
  private final Set<String> underCheck = new HashSet<>();
  private final Map<String, Instant> notBefore = new HashMap<>();

  RevisionMaintenance(NodeContext node, Mailbox mailbox, AgentLog events) {
    this.node = node;
    this.mailbox = mailbox;
    this.events = events;
  }

  /** Removes revisions that the grant does not keep, now or when their time is over. */
  void cleanUp(Release release, Grant wanted) {
    List<String> keep = new ArrayList<>(wanted.keep());
    keep.add(wanted.wanted().manifestDigest());
    Set<String> before = AgentLog.revisions(release);
    try {
      release.retain(keep).ifPresent(due -> mailbox.wakeAfter(Alarm.CLEAN_UP, until(due)));
      events.cleanedUp(before, release, "OtherRevision");
    } catch (StoreException e) {
      log.log(Level.WARNING, e, () -> "cannot clean up after " + wanted.release());
      mailbox.wakeAfter(Alarm.CLEAN_UP, CLEAN_UP_AGAIN);
    }
  }

  /** Schedules every revision that is due to be read again, and an alarm for the next one. */
  void check(Release release) {
    notBefore.keySet().retainAll(held(release));
    Optional<Instant> next = Optional.empty();
    for (Revision revision : release.held()) {
      String digest = revision.content().manifestDigest();
      Optional<Instant> due =
          release.integrity().checkDue(revision).map(time -> later(time, notBefore.get(digest)));
      if (due.isEmpty() || underCheck.contains(digest)) {
        continue;
      }
      if (!due.get().isAfter(node.clock().instant())) {
        underCheck.add(digest);
        node.scrubber()
            .check(
                revision,
                damage -> mailbox.send(new Event.Checked(revision, damage)),
                cause -> mailbox.send(new Event.Unread(revision, cause)));
      } else if (next.isEmpty() || due.get().isBefore(next.get())) {
        next = due;
      }
    }
    next.ifPresent(due -> mailbox.wakeAfter(Alarm.CHECK, until(due)));
  }

  /** A check has ended. */
  void checked(Revision revision) {
    String digest = revision.content().manifestDigest();
    underCheck.remove(digest);
    notBefore.remove(digest);
  }

  /** A check has ended before it was complete: the next one is not at once. */
  void unread(Release release, Revision revision, Exception cause) {
    String digest = revision.content().manifestDigest();
    underCheck.remove(digest);
    if (held(release).contains(digest)) {
      log.log(Level.WARNING, cause, () -> revision + " could not be read again, later once more");
      Duration interval = release.integrity().interval();
      Duration pause = interval.compareTo(CHECK_AGAIN) < 0 ? interval : CHECK_AGAIN;
      notBefore.put(digest, node.clock().instant().plus(pause));
    }
  }

  private static Set<String> held(Release release) {
    return release.held().stream()
        .map(revision -> revision.content().manifestDigest())
        .collect(Collectors.toSet());
  }

  private static Instant later(Instant due, @Nullable Instant notBefore) {
    return notBefore == null || notBefore.isBefore(due) ? due : notBefore;
  }

  private Duration until(Instant due) {
    return Duration.between(node.clock().instant(), due);
  }
}
