package dev.corvid.node;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.node.Event.Alarm;
import dev.corvid.store.Damage;
import dev.corvid.store.Release;
import dev.corvid.store.Repair;
import dev.corvid.store.Revision;
import dev.corvid.store.SeedStorage;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Grant;
import dev.corvid.wire.NodeLimits;
import dev.corvid.wire.Rank;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SignedGrant;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One release on this node: what the last grant wants, brought about and kept. {@link Stage} has
 * the table of its states. One virtual thread runs it, and waits for nothing but its {@link
 * Mailbox}, or the disk; {@link #status}, {@link #limits}, {@link #moved} and {@link #send} are for
 * everybody.
 */
final class ReleaseAgent implements Runnable {
  private static final Logger log = Logger.getLogger(ReleaseAgent.class.getName());

  private final NodeContext node;
  private final Mailbox mailbox = new Mailbox();
  private final ContentSwarm swarm;
  private final StatusPublisher status;
  private final AgentLog events;
  private final RevisionMaintenance maintenance;
  private SignedGrant signed;
  private Grant wanted;
  private Release release;
  private Stage stage = new Stage.Idle();
  private int failures;

  ReleaseAgent(NodeContext node) {
    this.node = node;
    this.swarm = new ContentSwarm(node, mailbox);
    this.events = new AgentLog(node);
    this.maintenance = new RevisionMaintenance(node, mailbox, events);
    this.status =
        new StatusPublisher(
            node, new StallDetector(mailbox, swarm::progress, swarm::problem, System::nanoTime));
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
      Event event = mailbox.next();
      while (!(event instanceof Event.Closing)) {
        handle(event);
        event = mailbox.next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      swarm.leave();
    }
  }

  private void handle(Event event) {
    try {
      switch (event) {
        case Event.Granted(SignedGrant text, Grant grant) -> granted(text, grant);
        case Event.NeighboursKnown known -> swarm.meet(known);
        case Event.MetainfoFetched(Metainfo metainfo) -> fetched(metainfo);
        case Event.ManifestHere(ActiveTorrent activeTorrent) -> reuse(activeTorrent);
        case Event.CorruptPiece corrupt -> corruptPiece(corrupt);
        case Event.Completed(ActiveTorrent activeTorrent) -> completed(activeTorrent);
        case Event.StorageFailed(ActiveTorrent activeTorrent, IOException cause) ->
            storageFailed(activeTorrent, cause);
        case Event.DuplicateHeld(Revision duplicate) -> duplicateHeld(duplicate);
        case Event.DuplicateReleased() -> attempt();
        case Event.NeighboursNeeded() -> swarm.askForNeighbours();
        case Alarm.ASK_FOR_NEIGHBOURS -> swarm.askForNeighbours();
        case Alarm.RETRY -> attempt();
        case Event.Checked(Revision revision, Damage damage) -> checked(revision, damage);
        case Alarm.CHECK -> maintenance.check(release);
        case Alarm.CLEAN_UP -> maintenance.cleanUp(release, wanted);
        case Alarm.SEED_AGAIN -> attempt();
        case Alarm.CHECK_PROGRESS -> enter(stage);
        case Event.Closing() -> throw new IllegalStateException("ends the loop");
      }
    } catch (StoreException e) {
      fail(e.reason(), e.getMessage(), e);
    } catch (RuntimeException e) {
      // A fault of ours in one release must not end the others, nor go unseen.
      fail(Reason.Progressing, "an internal error, please report it: " + e, e);
    }
  }

  private void granted(SignedGrant text, Grant grant) throws StoreException {
    if (text.equals(signed)) {
      return;
    }
    if (wanted != null && grant.rank().isBelow(wanted.rank())) {
      refuse(grant);
      return;
    }
    if (wanted != null && !wanted.releaseUid().equals(grant.releaseUid())) {
      swarm.leave();
    }
    swarm.limit(grant.pace());
    boolean changesLimits = wanted != null && grant.changesLimitsOf(wanted);
    signed = text;
    wanted = grant;
    if (changesLimits && stage.isUnhindered()) {
      // What is under way, or is served, stays open as it is.
      events.obeys(grant);
      status.prove(null);
      release.obey(signed, wanted);
      enter(stage);
      return;
    }
    failures = 0;
    events.obeys(grant);
    status.note(null);
    status.prove(null);
    attempt();
  }

  /**
   * Refuses what is older than what was obeyed. Of a release that is not the one here, nothing is
   * left: that is reported, with the rank from which the operator has to continue. Either way the
   * operator is shown the grant that was obeyed: should it have a rank that the operator does not
   * believe, its signature shows that it was given.
   */
  private void refuse(Grant grant) {
    node.refused(GrantRefusal.OLDER, grant);
    boolean isHere = wanted != null && grant.releaseUid().equals(wanted.releaseUid());
    if (!isHere) {
      status.superseded(grant, highest(grant.rank()), release);
    }
    status.prove(wanted == null && release != null ? release.state().grant() : signed);
  }

  /** Of what was obeyed under this name, and the given one. */
  private Rank highest(Rank given) {
    Rank highest = given;
    if (wanted != null && highest.isBelow(wanted.rank())) {
      highest = wanted.rank();
    }
    if (release != null && highest.isBelow(release.state().rank())) {
      highest = release.state().rank();
    }
    return highest;
  }

  /** Goes on towards what is wanted, from wherever this release is. */
  private void attempt() throws StoreException {
    mailbox.cancel(Alarm.RETRY);
    if (wanted == null) {
      return;
    }
    release = node.roots().open(wanted).release(wanted.release());
    if (wanted.rank().isBelow(release.state().rank())) {
      Grant older = wanted;
      wanted = null;
      signed = null;
      refuse(older);
      return;
    }
    Set<String> before = AgentLog.revisions(release);
    boolean wasRemoved = release.state().removed();
    release.obey(signed, wanted);
    events.cleanedUp(before, release, "NamespaceDeleted");
    if (wanted.action() == Grant.Action.REMOVE) {
      swarm.leave();
      before = AgentLog.revisions(release);
      release.remove();
      events.removed(before, wasRemoved, release);
      enter(new Stage.Removed());
      return;
    }
    Optional<Revision> held = release.held(wanted.content().manifestDigest());
    if (held.isPresent()) {
      settle(held.get());
    } else {
      begin();
    }
  }

  private void begin() throws StoreException {
    var member = Membership.of(wanted);
    if (stage instanceof Stage.Downloading && swarm.isFor(member)) {
      enter(stage);
      return;
    }
    swarm.leave();
    maintenance.cleanUp(release, wanted);
    if (repairs(member)) {
      return;
    }
    enter(new Stage.Waiting());
    if (!swarm.acquire(member)) {
      return;
    }
    Optional<Metainfo> staged = release.staged(wanted.content());
    if (staged.isPresent()) {
      download(staged.get());
    } else {
      swarm.fetchMetainfo(release::keepMetainfo);
    }
  }

  /** Whether the revision stands there but for some files, and only those are fetched. */
  private boolean repairs(Membership member) throws StoreException {
    Optional<Repair> repair = release.integrity().repair(wanted.content());
    if (repair.isEmpty()) {
      return false;
    }
    var activeTorrent = new ActiveTorrent(repair.get().metainfo(), repair.get());
    if (repair.get().isComplete()) {
      repaired(activeTorrent);
      return true;
    }
    if (!swarm.repair(member, activeTorrent)) {
      activeTorrent.close();
      return false;
    }
    events.damaged(wanted.content(), repair.get().damage().toString());
    enter(new Stage.Repairing(NodeProblem.damaged(repair.get().damage(), wanted.content())));
    return true;
  }

  private void repaired(ActiveTorrent activeTorrent) throws StoreException {
    Damage damage = activeTorrent.repair().damage();
    Revision revision;
    activeTorrent.pause();
    try {
      revision = activeTorrent.repair().finish();
    } finally {
      swarm.leave();
      activeTorrent.close();
    }
    if (!damage.files().isEmpty()) {
      events.damaged(revision.content(), damage.toString());
      events.repaired(revision.content());
      status.note(NodeProblem.repaired(damage, revision.content(), node.clock().instant()));
    }
    settle(revision);
  }

  private void checked(Revision revision, Damage damage) throws StoreException {
    maintenance.checked(revision);
    if (release.integrity().checked(revision, damage)) {
      events.damaged(revision.content(), damage.toString());
      if (stage instanceof Stage.Held || stage instanceof Stage.Active) {
        attempt();
      }
    }
    maintenance.check(release);
  }

  private void fetched(Metainfo metainfo) throws StoreException {
    if (stage instanceof Stage.Waiting && isWanted(metainfo)) {
      download(metainfo);
    }
  }

  private boolean isWanted(Metainfo metainfo) {
    var member = Membership.of(wanted);
    return swarm.isFor(member) && metainfo.infoHash().equals(member.content());
  }

  private void download(Metainfo metainfo) throws StoreException {
    events.begins(wanted.content());
    swarm.download(metainfo, release.download(wanted.content(), metainfo));
    enter(new Stage.Downloading());
  }

  /** Looks for what is on this node already, then goes on with the rest. */
  private void reuse(ActiveTorrent activeTorrent) throws StoreException {
    if (!(stage instanceof Stage.Downloading) || !swarm.isNow(activeTorrent)) {
      return;
    }
    activeTorrent.pause();
    if (activeTorrent.download().reuse(() -> mailbox.has(this::ordersOtherwise))) {
      swarm.join();
    } else {
      mailbox.send(new Event.ManifestHere(activeTorrent));
    }
  }

  private void corruptPiece(Event.CorruptPiece corrupt) {
    if (swarm.isNow(corrupt.activeTorrent())) {
      status.note(NodeProblem.corruptPiece(corrupt));
      enter(stage);
    }
  }

  private boolean ordersOtherwise(Event event) {
    return event instanceof Event.Closing
        || event instanceof Event.Granted(SignedGrant text, Grant grant) && !text.equals(signed);
  }

  private void completed(ActiveTorrent activeTorrent) throws StoreException {
    if (!swarm.isNow(activeTorrent)) {
      return;
    }
    if (stage instanceof Stage.Repairing) {
      repaired(activeTorrent);
    } else if (stage instanceof Stage.Downloading) {
      enter(new Stage.Verifying());
      settle(activeTorrent.download().finish());
    }
  }

  private void duplicateHeld(Revision duplicate) throws StoreException {
    if (!(stage instanceof Stage.Waiting)
        || !duplicate.content().infoHash().equals(wanted.content().infoHash())) {
      return;
    }
    events.begins(wanted.content());
    enter(new Stage.Verifying());
    Metainfo metainfo;
    SeedStorage lent;
    try {
      metainfo = duplicate.metainfo();
      lent = duplicate.open();
    } catch (StoreException e) {
      throw cannotCopy(e);
    }
    try (var source = lent;
        var download = release.download(wanted.content(), metainfo)) {
      if (new LocalCopy(metainfo, source, download).run(mailbox::hasMessage)) {
        settle(download.finish());
      } else {
        enter(new Stage.Waiting());
        mailbox.send(new Event.DuplicateHeld(duplicate));
      }
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw cannotCopy(e);
    }
  }

  /** Does not say from which release: where a root is shared, that may be another tenant's. */
  private static StoreException cannotCopy(IOException cause) {
    return new StoreException(
        Reason.Corrupted,
        "copying what another release of this node holds failed; it is tried again by itself",
        cause);
  }

  private void settle(Revision revision) throws StoreException {
    swarm.leaveUnless(Membership.of(wanted));
    seed(revision);
    events.holds(revision.content());
    if (wanted.action() == Grant.Action.ACTIVATE && !isActive(revision)) {
      Optional<Revision> left = release.active();
      release.activate(revision);
      events.switched(left, revision);
    }
    failures = 0;
    enter(isActive(revision) ? new Stage.Active() : new Stage.Held());
    maintenance.cleanUp(release, wanted);
    maintenance.check(release);
  }

  /** Takes part in the swarm with what is held. The content is there even when this fails. */
  private void seed(Revision revision) {
    try {
      swarm.seed(Membership.of(wanted), revision);
    } catch (StoreException e) {
      log.log(Level.WARNING, e, () -> wanted.release() + " cannot be served for now");
      mailbox.wakeAfter(Alarm.SEED_AGAIN, node.backoff().after(6));
    }
  }

  private void storageFailed(ActiveTorrent activeTorrent, IOException cause) {
    if (!swarm.isNow(activeTorrent)) {
      return;
    }
    swarm.leave();
    if (stage instanceof Stage.Held || stage instanceof Stage.Active) {
      log.log(Level.WARNING, cause, () -> wanted.release() + " cannot be read for its neighbours");
      mailbox.wakeAfter(Alarm.SEED_AGAIN, node.backoff().after(6));
      return;
    }
    Reason reason = cause instanceof StoreException store ? store.reason() : Reason.RootNotWritable;
    fail(reason, cause.getMessage(), cause);
  }

  private void fail(Reason reason, String message, Exception cause) {
    if (wanted == null) {
      return;
    }
    failures++;
    Duration pause = node.backoff().after(failures);
    var problem = new NodeProblem(reason, message);
    events.failed(problem, failures, pause, cause);
    swarm.leaveUnfinished();
    mailbox.wakeAfter(Alarm.RETRY, pause);
    enter(new Stage.Failed(problem));
  }

  private boolean isActive(Revision revision) throws StoreException {
    return release
        .active()
        .filter(active -> active.content().equals(revision.content()))
        .isPresent();
  }

  private void enter(Stage next) {
    stage = next;
    status.publish(wanted, next, release, swarm.activeTorrent(), failures);
  }
}
