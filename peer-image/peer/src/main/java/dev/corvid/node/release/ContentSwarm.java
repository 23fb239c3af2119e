package dev.corvid.node.release;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.JoinedTorrent;
import dev.corvid.node.torrent.ActiveTorrent;
import dev.corvid.node.torrent.ActiveTorrentListener;
import dev.corvid.node.torrent.Event;
import dev.corvid.node.torrent.Event.Alarm;
import dev.corvid.node.torrent.Mailbox;
import dev.corvid.node.torrent.SwarmMembership;
import dev.corvid.node.torrent.Traffic;
import dev.corvid.store.Revision;
import dev.corvid.store.RevisionDownload;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.grant.NodeLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One release's part in the swarm of the content that it wants: finding others, metainfo, torrent.
 * It belongs to its agent's thread; what others tell goes through the agent's mailbox.
 */
final class ContentSwarm {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private final NodeContext node;
  private final Mailbox mailbox;
  private final Traffic traffic = new Traffic();
  private Event.NeighboursKnown known = new Event.NeighboursKnown("", List.of(), null);
  private volatile NodeLimits limits = NodeLimits.NONE;
  private @Nullable SwarmMembership membership;
  private @Nullable CompletableFuture<?> fetching;
  private @Nullable ActiveTorrent activeTorrent;
  private boolean settled;

  ContentSwarm(NodeContext node, Mailbox mailbox) {
    this.node = node;
    this.mailbox = mailbox;
  }

  /** What is moved; null when nothing is. */
  @Nullable ActiveTorrent activeTorrent() {
    return activeTorrent;
  }

  /** Grows as long as anything comes. */
  long progress() {
    ActiveTorrent now = activeTorrent;
    if (now == null) {
      return 0;
    }
    RevisionDownload download = now.download();
    return now.stats().downloaded() + (download == null ? 0 : download.bytesDone());
  }

  /** What is in the way when nothing comes. */
  NodeProblem problem() {
    int connected = activeTorrent == null ? 0 : activeTorrent.stats().neighbours();
    return NodeProblem.nothingComes(neighbours(), connected, node.hasTracker());
  }

  boolean isNow(ActiveTorrent other) {
    return activeTorrent == other;
  }

  boolean isFor(SwarmMembership other) {
    return other.equals(membership);
  }

  /** Becomes the owner of that swarm on this node; false while another release here is. */
  boolean acquire(SwarmMembership wanted) {
    if (!isFor(wanted)) {
      leave();
      membership = wanted;
    }
    return node.torrents().acquire(wanted.swarm(), mailbox);
  }

  /** How fast the content may move, from now on: nothing is left or joined for it. */
  void limit(NodeLimits granted) {
    if (granted.equals(limits)) {
      return;
    }
    limits = granted;
    JoinedTorrent torrent = activeTorrent == null ? null : activeTorrent.torrent();
    if (torrent != null) {
      torrent.limits(limits.download(), limits.upload());
    }
  }

  /** For this release, since the process began; for everybody. */
  Traffic.Totals moved() {
    return traffic.totals();
  }

  /** As they are in force; for everybody. */
  NodeLimits limits() {
    return limits;
  }

  /** Others that may have a content. */
  void meet(Event.NeighboursKnown news) {
    known = news;
    if (membership == null || !membership.swarm().hex().equals(news.swarm())) {
      return;
    }
    JoinedTorrent torrent = activeTorrent == null ? null : activeTorrent.torrent();
    if (torrent != null) {
      torrent.addNeighbours(news.neighbours());
      if (news.seeder() != null) {
        torrent.seeder(news.seeder());
      }
    } else if (fetching != null) {
      node.swarm().addNeighbours(membership.swarm(), neighbours());
    }
  }

  /**
   * Asks the neighbours, and the tracker for more of them until one has answered.
   *
   * @param keeper where the metainfo goes
   */
  void fetchMetainfo(MetainfoKeeper keeper) {
    SwarmMembership now = membership();
    cancelFetching();
    mailbox.wakeAfter(Alarm.ASK_FOR_NEIGHBOURS, pause());
    CompletableFuture<Metainfo> fetched =
        node.swarm().fetchMetainfo(now.swarm(), now.content(), neighbours(), keeper);
    fetched.whenComplete(
        (metainfo, failure) -> {
          if (metainfo != null) {
            mailbox.send(new Event.MetainfoFetched(metainfo));
          } else if (!fetched.isCancelled()) {
            var cause = failure instanceof IOException io ? io : new IOException(failure);
            mailbox.send(new Event.MetainfoNotKept(now.content(), cause));
          }
        });
    fetching = fetched;
  }

  /** Asks the tracker for a fresh sample; the answer comes as an event. */
  void askForNeighbours() {
    if (membership == null || settled) {
      return;
    }
    if (fetching != null) {
      mailbox.wakeAfter(Alarm.ASK_FOR_NEIGHBOURS, pause());
    }
    String swarm = membership.swarm().hex();
    node.askForNeighbours(
        swarm,
        answer ->
            mailbox.send(
                Event.NeighboursKnown.of(
                    swarm, answer.addresses(), answer.seeder(), node.address())));
  }

  /** Joins with a download, the manifest first; if that is here, after a look at what else is. */
  void download(Metainfo metainfo, RevisionDownload download) {
    cancelFetching();
    var opened = new ActiveTorrent(metainfo, download);
    hold(opened);
    if (download.hasManifest() && download.mayReuse()) {
      mailbox.send(new Event.ManifestHere(opened));
    } else {
      join();
    }
  }

  /**
   * Joins to fetch what a damaged revision lacks; false while another release here owns the swarm.
   */
  boolean repair(SwarmMembership damaged, ActiveTorrent repair) {
    if (!acquire(damaged)) {
      return false;
    }
    cancelFetching();
    hold(repair);
    join();
    return true;
  }

  /** Takes part in the swarm with what is held open. */
  void join() {
    ActiveTorrent opened = requireNonNull(activeTorrent, "its storage is held open");
    JoinedTorrent torrent =
        opened.join(
            () ->
                node.swarm()
                    .add(
                        membership().swarm(),
                        opened.metainfo(),
                        opened.storage(),
                        options(opened),
                        new ActiveTorrentListener(opened, mailbox)));
    torrent.addNeighbours(neighbours());
    torrent.prioritize(0, manifestPieces(opened.metainfo()));
  }

  /** With the manifest it can be known what need not be fetched: until then nothing more is. */
  private TorrentOptions options(ActiveTorrent opened) {
    TorrentOptions options =
        TorrentOptions.defaults().withLimits(limits.download(), limits.upload());
    RevisionDownload download = opened.download();
    if (download != null && download.mayReuse() && !download.hasManifest()) {
      options = options.withOnlyFirst(manifestPieces(opened.metainfo()));
    }
    InetSocketAddress seeder = isKnown() ? known.seeder() : null;
    return seeder == null ? options : options.withSeeder(seeder);
  }

  private static int manifestPieces(Metainfo metainfo) {
    return (int) Math.ceilDiv(metainfo.length(0), (long) metainfo.pieceLength());
  }

  /** Joins with a whole revision, unless that is so already, or another release here does. */
  void seed(SwarmMembership wanted, Revision revision) throws StoreException {
    if (activeTorrent == null && acquire(wanted)) {
      cancelFetching();
      hold(new ActiveTorrent(revision.metainfo(), revision.open()));
      join();
    }
    settled = true;
    node.torrents().settled(membership().swarm(), mailbox, revision);
  }

  /** Leaves what is not the wanted content, or not the wanted swarm. */
  void leaveUnless(SwarmMembership wanted) {
    if (!isFor(wanted)) {
      leave();
    }
  }

  /** Leaves a download; what is held whole is served on. */
  void leaveUnfinished() {
    if (!settled) {
      leave();
    }
  }

  /** Leaves the swarm; the storage is closed when this returns. */
  void leave() {
    cancelFetching();
    if (activeTorrent != null) {
      activeTorrent.close();
      node.traffic().closed(activeTorrent);
      traffic.closed(activeTorrent);
      activeTorrent = null;
    }
    if (membership != null) {
      node.torrents().leave(membership.swarm(), mailbox);
      membership = null;
    }
    settled = false;
  }

  private void hold(ActiveTorrent opened) {
    activeTorrent = opened;
    node.traffic().opened(opened);
    traffic.opened(opened);
  }

  private Collection<InetSocketAddress> neighbours() {
    Set<InetSocketAddress> others = new LinkedHashSet<>();
    if (isKnown()) {
      others.addAll(known.neighbours());
      if (known.seeder() != null) {
        others.add(known.seeder());
      }
    }
    return others;
  }

  private SwarmMembership membership() {
    return requireNonNull(membership, "a content is wanted");
  }

  private boolean isKnown() {
    return membership != null && membership.swarm().hex().equals(known.swarm());
  }

  private Duration pause() {
    return ASK_AGAIN.plusMillis(node.random().nextLong(ASK_AGAIN.toMillis() / 2));
  }

  private void cancelFetching() {
    mailbox.cancel(Alarm.ASK_FOR_NEIGHBOURS);
    if (fetching != null) {
      fetching.cancel(true);
      fetching = null;
    }
  }
}
