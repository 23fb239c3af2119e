package dev.corvid.node.release;

import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.node.torrent.ActiveTorrent;
import dev.corvid.node.torrent.Event;
import dev.corvid.node.torrent.Event.Alarm;
import dev.corvid.node.torrent.Mailbox;
import dev.corvid.node.torrent.Traffic;
import dev.corvid.store.Revision;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.tree.Damage;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One release on this node: what the last grant wants, brought about and kept. {@link
 * ReleaseLifecycle} is its state machine. One virtual thread runs it, and waits for nothing but its
 * {@link Mailbox}, or the disk; {@link #status}, {@link #limits}, {@link #moved} and {@link #send}
 * are for everybody.
 */
final class ReleaseAgent implements Runnable {
  private static final Logger log = Logger.getLogger(ReleaseAgent.class.getName());
  private static final Duration UNREPORTED_PAUSE = Duration.ofMinutes(1);

  private final Mailbox mailbox;
  private final ContentSwarm swarm;
  private final StatusPublisher status;
  private final ReleaseLifecycle lifecycle;
  private boolean ended;

  ReleaseAgent(NodeContext node) {
    this.mailbox = new Mailbox(node::nanoTime);
    this.swarm = new ContentSwarm(node, mailbox);
    this.status =
        new StatusPublisher(
            node, new StallDetector(mailbox, swarm::progress, swarm::problem, node::nanoTime));
    this.lifecycle = new ReleaseLifecycle(node, mailbox, swarm, status);
  }

  void send(Event event) {
    mailbox.send(event);
  }

  Traffic.Totals moved() {
    return swarm.moved();
  }

  NodeLimits limits() {
    return swarm.limits();
  }

  StatusPublisher status() {
    return status;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        handle(mailbox.next());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      swarm.leave();
    }
  }

  /** In the place of {@link #run}: handles what is due, if anything is, and does not wait. */
  boolean handleDue() {
    Optional<Event> due = ended ? Optional.empty() : mailbox.due();
    due.ifPresent(this::handle);
    return due.isPresent();
  }

  /** Nanoseconds until {@link #handleDue} has something to do if no message comes. */
  OptionalLong untilAlarm() {
    return ended ? OptionalLong.empty() : mailbox.untilAlarm();
  }

  private void handle(Event event) {
    try {
      switch (event) {
        case Event.Granted(SignedGrant text, Grant grant) -> lifecycle.granted(text, grant);
        case Event.NeighboursKnown known -> swarm.meet(known);
        case Event.MetainfoFetched(Metainfo metainfo) -> lifecycle.fetched(metainfo);
        case Event.MetainfoNotKept(InfoHash content, IOException cause) ->
            lifecycle.metainfoNotKept(content, cause);
        case Event.ManifestHere(ActiveTorrent activeTorrent) -> lifecycle.reuse(activeTorrent);
        case Event.CorruptPiece corrupt -> lifecycle.corruptPiece(corrupt);
        case Event.Completed(ActiveTorrent activeTorrent) -> lifecycle.completed(activeTorrent);
        case Event.StorageFailed(ActiveTorrent activeTorrent, IOException cause) ->
            lifecycle.storageFailed(activeTorrent, cause);
        case Event.DuplicateHeld(Revision duplicate) -> lifecycle.duplicateHeld(duplicate);
        case Event.DuplicateReleased() -> lifecycle.attempt();
        case Event.NeighboursNeeded() -> swarm.askForNeighbours();
        case Alarm.ASK_FOR_NEIGHBOURS -> swarm.askForNeighbours();
        case Alarm.RETRY -> lifecycle.attempt();
        case Event.Checked(Revision revision, Damage damage) -> lifecycle.checked(revision, damage);
        case Event.Unread(Revision revision, Exception cause) -> lifecycle.unread(revision, cause);
        case Alarm.CHECK -> lifecycle.check();
        case Alarm.CLEAN_UP -> lifecycle.cleanUp();
        case Alarm.SEED_AGAIN -> lifecycle.attempt();
        case Alarm.CHECK_PROGRESS -> lifecycle.checkProgress();
        case Event.Closing() -> {
          ended = true;
          swarm.leave();
        }
      }
    } catch (StoreException e) {
      fail(e.reason(), e.getMessage(), e);
    } catch (RuntimeException e) {
      // A defect, such as a transition that Stage forbids, in one release must not end the others,
      // nor go unseen: it is reported with its reason, and retried as any other failure.
      fail(Reason.InternalError, "an internal error, please report it: " + e, e);
    }
  }

  /** A defect in reporting a failure must not end the agent: no other would be started. */
  private void fail(Reason reason, String message, Exception cause) {
    try {
      lifecycle.fail(reason, message, cause);
    } catch (RuntimeException e) {
      log.log(
          Level.SEVERE,
          e,
          () -> "an internal error, please report it: cannot report '" + message + "'");
      mailbox.wakeAfter(Alarm.RETRY, UNREPORTED_PAUSE);
    }
  }
}
