package dev.corvid.node.release;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.node.torrent.ActiveTorrent;
import dev.corvid.node.torrent.Event;
import dev.corvid.node.torrent.Event.Alarm;
import dev.corvid.node.torrent.Mailbox;
import dev.corvid.node.torrent.SwarmMembership;
import dev.corvid.store.Release;
import dev.corvid.store.Repair;
import dev.corvid.store.Revision;
import dev.corvid.store.RevisionDownload;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.tree.Damage;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one release on this node: brings about what the last grant wants. {@link
 * Stage} has the table of its transitions. Belongs to the thread of the {@link ReleaseAgent}, which
 * hands it one event after the other.
 */
final class ReleaseLifecycle {
  private static final Logger log = Logger.getLogger(ReleaseAgent.class.getName());

  private final NodeContext node;
  private final Mailbox mailbox;
  private final ContentSwarm swarm;
  private final StatusPublisher status;
  private final AgentLog events;
  private final RevisionMaintenance maintenance;
  private @Nullable SignedGrant signed;
  private @Nullable Grant wanted;
  private @Nullable Release release;
  private Stage stage = new Stage.Idle();
  private int failures;

  ReleaseLifecycle(NodeContext node, Mailbox mailbox, ContentSwarm swarm, StatusPublisher status) {
    this.node = node;
    this.mailbox = mailbox;
    this.swarm = swarm;
    this.status = status;
    this.events = new AgentLog(node);
    this.maintenance = new RevisionMaintenance(node, mailbox, events);
  }

  void granted(SignedGrant text, Grant grant) throws StoreException {
    if (text.equals(signed)) {
      return;
    }
    if (wanted != null && grant.rank().isBelow(wanted.rank())) {
      status.refused(grant, wanted, signed, release);
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
      release().obey(text, grant);
      publish();
      return;
    }
    failures = 0;
    events.obeys(grant);
    status.note(null);
    status.prove(null);
    attempt();
  }

  /** Resumes what is wanted, in whatever stage this release is. */
  void attempt() throws StoreException {
    mailbox.cancel(Alarm.RETRY);
    Grant grant = wanted;
    SignedGrant text = signed;
    if (grant == null || text == null) {
      return;
    }
    Release opened = node.roots().open(grant).release(grant.release());
    release = opened;
    if (grant.rank().isBelow(opened.state().rank())) {
      wanted = null;
      signed = null;
      status.refused(grant, null, null, opened);
      return;
    }
    Set<String> before = AgentLog.revisions(opened);
    boolean wasRemoved = opened.state().removed();
    opened.obey(text, grant);
    events.cleanedUp(before, opened, "NamespaceDeleted");
    if (grant.action() == Grant.Action.REMOVE) {
      swarm.leave();
      before = AgentLog.revisions(opened);
      opened.remove();
      events.removed(before, wasRemoved, opened);
      enter(new Stage.Removed());
      return;
    }
    Optional<Revision> held = opened.held(content().manifestDigest());
    if (held.isPresent()) {
      settle(held.get());
    } else {
      begin();
    }
  }

  private void begin() throws StoreException {
    var membership = SwarmMembership.of(wanted());
    if (stage instanceof Stage.Downloading && swarm.isFor(membership)) {
      publish();
      return;
    }
    swarm.leave();
    maintenance.cleanUp(release(), wanted());
    if (repairs(membership)) {
      return;
    }
    enter(new Stage.Waiting());
    if (!swarm.acquire(membership)) {
      return;
    }
    Optional<Metainfo> staged = release().staged(content());
    if (staged.isPresent()) {
      download(staged.get());
    } else {
      swarm.fetchMetainfo(release()::keepMetainfo);
    }
  }

  /** Whether the revision stands there but for some files, and only those are fetched. */
  private boolean repairs(SwarmMembership membership) throws StoreException {
    Optional<Repair> repair = release().integrity().repair(content());
    if (repair.isEmpty()) {
      return false;
    }
    var activeTorrent = new ActiveTorrent(repair.get().metainfo(), repair.get());
    if (repair.get().isComplete()) {
      repaired(activeTorrent, repair.get());
      return true;
    }
    if (!swarm.repair(membership, activeTorrent)) {
      activeTorrent.close();
      return false;
    }
    events.damaged(content(), repair.get().damage().toString());
    enter(new Stage.Repairing(NodeProblem.damaged(repair.get().damage(), content())));
    return true;
  }

  private void repaired(ActiveTorrent activeTorrent, Repair repair) throws StoreException {
    Damage damage = repair.damage();
    Revision revision;
    activeTorrent.pause();
    try {
      revision = repair.finish();
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

  void checked(Revision revision, Damage damage) throws StoreException {
    maintenance.checked(revision);
    if (release().integrity().checked(revision, damage)) {
      events.damaged(revision.content(), damage.toString());
      if (stage instanceof Stage.Held || stage instanceof Stage.Active) {
        attempt();
      }
    }
    maintenance.check(release());
  }

  void unread(Revision revision, Exception cause) {
    maintenance.unread(release(), revision, cause);
    maintenance.check(release());
  }

  void fetched(Metainfo metainfo) throws StoreException {
    if (stage instanceof Stage.Waiting && isWanted(metainfo.infoHash())) {
      download(metainfo);
    }
  }

  /** The metainfo has come, and this node could not keep it. */
  void metainfoNotKept(InfoHash content, IOException cause) {
    if (stage instanceof Stage.Waiting && isWanted(content)) {
      fail(reason(cause), ErrorMessage.of(cause), cause);
    }
  }

  private boolean isWanted(InfoHash content) {
    var membership = SwarmMembership.of(wanted());
    return swarm.isFor(membership) && content.equals(membership.content());
  }

  private void download(Metainfo metainfo) throws StoreException {
    events.begins(content());
    swarm.download(metainfo, release().download(content(), metainfo));
    enter(new Stage.Downloading());
  }

  /** Copies what this node already has, then downloads the rest. */
  void reuse(ActiveTorrent activeTorrent) throws StoreException {
    RevisionDownload download = activeTorrent.download();
    if (!(stage instanceof Stage.Downloading) || !swarm.isNow(activeTorrent) || download == null) {
      return;
    }
    activeTorrent.pause();
    if (download.reuse(() -> mailbox.has(this::ordersOtherwise))) {
      swarm.join();
    } else {
      mailbox.send(new Event.ManifestHere(activeTorrent));
    }
  }

  void corruptPiece(Event.CorruptPiece corrupt) {
    if (swarm.isNow(corrupt.activeTorrent())) {
      status.note(NodeProblem.corruptPiece(corrupt));
      publish();
    }
  }

  private boolean ordersOtherwise(Event event) {
    return event instanceof Event.Closing
        || event instanceof Event.Granted(SignedGrant text, Grant grant) && !text.equals(signed);
  }

  void completed(ActiveTorrent activeTorrent) throws StoreException {
    if (!swarm.isNow(activeTorrent)) {
      return;
    }
    if (stage instanceof Stage.Repairing && activeTorrent.storage() instanceof Repair repair) {
      repaired(activeTorrent, repair);
    } else if (stage instanceof Stage.Downloading
        && activeTorrent.storage() instanceof RevisionDownload download) {
      enter(new Stage.Verifying());
      settle(download.finish());
    }
  }

  void duplicateHeld(Revision duplicate) throws StoreException {
    if (!(stage instanceof Stage.Waiting)
        || !duplicate.content().infoHash().equals(content().infoHash())) {
      return;
    }
    events.begins(content());
    enter(new Stage.Verifying());
    Optional<Revision> copied =
        LocalCopy.of(duplicate, release(), content(), () -> mailbox.has(this::ordersOtherwise));
    if (copied.isPresent()) {
      settle(copied.get());
    } else {
      enter(new Stage.Waiting());
      mailbox.send(new Event.DuplicateHeld(duplicate));
    }
  }

  private void settle(Revision revision) throws StoreException {
    swarm.leaveUnless(SwarmMembership.of(wanted()));
    seed(revision);
    events.holds(revision.content());
    if (wanted().action() == Grant.Action.ACTIVATE && !isActive(revision)) {
      Optional<Revision> left = release().active();
      release().activate(revision);
      events.switched(left, revision);
    }
    failures = 0;
    enter(isActive(revision) ? new Stage.Active() : new Stage.Held());
    maintenance.cleanUp(release(), wanted());
    maintenance.check(release());
  }

  /** Takes part in the swarm with what is held. The content is there even when this fails. */
  private void seed(Revision revision) {
    try {
      swarm.seed(SwarmMembership.of(wanted()), revision);
    } catch (StoreException e) {
      log.log(Level.WARNING, e, () -> wanted().release() + " cannot be served for now");
      mailbox.wakeAfter(Alarm.SEED_AGAIN, node.backoff().after(6, node.random()));
    }
  }

  void storageFailed(ActiveTorrent activeTorrent, IOException cause) {
    if (!swarm.isNow(activeTorrent)) {
      return;
    }
    swarm.leave();
    if (stage instanceof Stage.Held || stage instanceof Stage.Active) {
      log.log(
          Level.WARNING, cause, () -> wanted().release() + " cannot be read for its neighbours");
      mailbox.wakeAfter(Alarm.SEED_AGAIN, node.backoff().after(6, node.random()));
      return;
    }
    fail(reason(cause), ErrorMessage.of(cause), cause);
  }

  private static Reason reason(IOException cause) {
    return cause instanceof StoreException store ? store.reason() : Reason.RootNotWritable;
  }

  void fail(Reason reason, String message, Exception cause) {
    if (wanted == null) {
      log.log(Level.SEVERE, cause, () -> "failed with no grant to report it for: " + message);
      return;
    }
    failures++;
    Duration pause = node.backoff().after(failures, node.random());
    var problem = new NodeProblem(reason, message);
    events.failed(problem, failures, pause, cause);
    mailbox.wakeAfter(Alarm.RETRY, pause);
    swarm.leaveUnfinished();
    enter(new Stage.Failed(problem));
  }

  /** A revision is due to be read again. */
  void check() {
    maintenance.check(release());
  }

  /** The time of a revision that is not kept may be over. */
  void cleanUp() {
    if (wanted != null && wanted.action() != Grant.Action.REMOVE) {
      maintenance.cleanUp(release(), wanted);
    }
  }

  /** Reports whether the release makes progress. */
  void checkProgress() {
    publish();
  }

  private Grant wanted() {
    return requireNonNull(wanted, "a grant is obeyed");
  }

  private Content content() {
    return wanted().wanted();
  }

  private Release release() {
    return requireNonNull(release, "its root is open");
  }

  private boolean isActive(Revision revision) throws StoreException {
    return release()
        .active()
        .filter(active -> active.content().equals(revision.content()))
        .isPresent();
  }

  /**
   * @throws IllegalStateException if {@link Stage} has no such transition
   */
  private void enter(Stage next) {
    stage.kind().requireNext(next.kind());
    stage = next;
    publish();
  }

  private void publish() {
    status.publish(wanted(), stage, release, swarm.activeTorrent(), failures);
  }
}
