package dev.corvid.node;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.node.Event.Alarm;
import dev.corvid.store.Damage;
import dev.corvid.store.Revision;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One release on this node: what the last grant wants, brought about and kept. {@link Placement} is
 * its state machine. One virtual thread runs it, and waits for nothing but its {@link Mailbox}, or
 * the disk; {@link #status}, {@link #limits}, {@link #moved} and {@link #send} are for everybody.
 */
final class ReleaseAgent implements Runnable {
  private final Mailbox mailbox;
  private final ContentSwarm swarm;
  private final StatusPublisher status;
  private final Placement placement;
  private boolean ended;

  ReleaseAgent(NodeContext node) {
    this.mailbox = new Mailbox(node::nanoTime);
    this.swarm = new ContentSwarm(node, mailbox);
    this.status =
        new StatusPublisher(
            node, new StallDetector(mailbox, swarm::progress, swarm::problem, node::nanoTime));
    this.placement = new Placement(node, mailbox, swarm, status);
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
        case Event.Granted(SignedGrant text, Grant grant) -> placement.granted(text, grant);
        case Event.NeighboursKnown known -> swarm.meet(known);
        case Event.MetainfoFetched(Metainfo metainfo) -> placement.fetched(metainfo);
        case Event.ManifestHere(ActiveTorrent activeTorrent) -> placement.reuse(activeTorrent);
        case Event.CorruptPiece corrupt -> placement.corruptPiece(corrupt);
        case Event.Completed(ActiveTorrent activeTorrent) -> placement.completed(activeTorrent);
        case Event.StorageFailed(ActiveTorrent activeTorrent, IOException cause) ->
            placement.storageFailed(activeTorrent, cause);
        case Event.DuplicateHeld(Revision duplicate) -> placement.duplicateHeld(duplicate);
        case Event.DuplicateReleased() -> placement.attempt();
        case Event.NeighboursNeeded() -> swarm.askForNeighbours();
        case Alarm.ASK_FOR_NEIGHBOURS -> swarm.askForNeighbours();
        case Alarm.RETRY -> placement.attempt();
        case Event.Checked(Revision revision, Damage damage) -> placement.checked(revision, damage);
        case Alarm.CHECK -> placement.check();
        case Alarm.CLEAN_UP -> placement.cleanUp();
        case Alarm.SEED_AGAIN -> placement.attempt();
        case Alarm.CHECK_PROGRESS -> placement.checkProgress();
        case Event.Closing() -> {
          ended = true;
          swarm.leave();
        }
      }
    } catch (StoreException e) {
      placement.fail(e.reason(), e.getMessage(), e);
    } catch (RuntimeException e) {
      // A defect, such as a transition that Stage forbids, in one release must not end the others,
      // nor go unseen: it is reported with its reason, and retried as any other failure.
      placement.fail(Reason.InternalError, "an internal error, please report it: " + e, e);
    }
  }
}
