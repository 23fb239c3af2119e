package dev.corvid.node.release;

import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.node.torrent.ActiveTorrent;
import dev.corvid.store.RevisionDownload;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.node.NodeReport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The status of a release as its agent last published it; the figures in its report are current.
 *
 * @param grant the last one obeyed
 * @param activeTorrent null when it has no torrent
 * @param active manifest digest that {@code current} points to; null when none
 * @param held manifest digests on disk
 * @param reused bytes of the wanted revision that did not have to be fetched, once it is held
 * @param problem what blocks the stage, or was found wrong; null for nothing
 * @param namespaceUid see {@link NodeReport}
 */
record ReleaseStatus(
    Grant grant,
    Stage stage,
    @Nullable ActiveTorrent activeTorrent,
    @Nullable String active,
    List<String> held,
    long reused,
    @Nullable NodeProblem problem,
    int failures,
    @Nullable String namespaceUid) {

  NodeReport report() {
    Content content = grant.content();
    TorrentStats moved =
        activeTorrent == null ? ActiveTorrent.NOTHING_MOVED : activeTorrent.stats();
    RevisionDownload download = activeTorrent == null ? null : activeTorrent.download();
    long total = total(content, download);
    return new NodeReport(
        grant.releaseUid(),
        grant.release(),
        grant.root(),
        grant.reign(),
        grant.epoch(),
        stage.state(),
        content == null ? null : content.manifestDigest(),
        active,
        held,
        done(total, download),
        total,
        moved.downloadedFromSeeder(),
        moved.downloadedFromPeers(),
        download == null ? reused : download.bytesReused(),
        problem == null ? null : problem.reason(),
        problem == null ? null : problem.message(),
        failures,
        null,
        namespaceUid);
  }

  /**
   * The report of a release whose removal was obeyed, if its policy left content here; empty when
   * its record has lost the uid.
   */
  static Optional<NodeReport> retained(String root, ReleaseState state) {
    return Optional.ofNullable(state.releaseUid()).map(uid -> retained(uid, root, state));
  }

  private static NodeReport retained(String releaseUid, String root, ReleaseState state) {
    return new NodeReport(
        releaseUid,
        state.release(),
        root,
        state.reign(),
        state.epoch(),
        NodeReport.State.REMOVED,
        null,
        null,
        state.held().stream().map(each -> each.content().manifestDigest()).toList(),
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        0,
        null,
        state.contentNamespaceUid());
  }

  /** The report of a release that is not here, and whose older grant was refused. */
  static NodeReport removed(Grant grant, Rank rank) {
    return new NodeReport(
        grant.releaseUid(),
        grant.release(),
        grant.root(),
        rank.reign(),
        rank.epoch(),
        NodeReport.State.REMOVED,
        null,
        null,
        List.of(),
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        0,
        null,
        null);
  }

  /** Whether its figures change by themselves. */
  boolean isMoving() {
    return stage instanceof Stage.Downloading || stage instanceof Stage.Verifying;
  }

  private long total(@Nullable Content content, @Nullable RevisionDownload download) {
    if (content == null) {
      return 0;
    }
    if (download != null) {
      return download.bytesTotal();
    }
    // The manifest is the torrent's first file.
    return content.sizeBytes() + (activeTorrent == null ? 0 : activeTorrent.metainfo().length(0));
  }

  private long done(long total, @Nullable RevisionDownload download) {
    boolean whole = stage instanceof Stage.Held || stage instanceof Stage.Active;
    return whole ? total : download == null ? 0 : download.bytesDone();
  }
}
