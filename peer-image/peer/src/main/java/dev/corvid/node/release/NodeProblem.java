package dev.corvid.node.release;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.net.Addresses;
import dev.corvid.node.torrent.Event;
import dev.corvid.store.tree.Damage;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;

/** What blocks a release, although nothing has failed and it is still tried. */
record NodeProblem(Reason reason, String message) {
  /** A finished revision is damaged. */
  static NodeProblem damaged(Damage damage, Content content) {
    return new NodeProblem(
        Reason.Corrupted,
        "%s of revision %s changed on this node's disk: what is damaged is fetched again"
            .formatted(damage, content.revision()));
  }

  /** The revision has been repaired. */
  static NodeProblem repaired(Damage damage, Content content, Instant when) {
    return new NodeProblem(
        Reason.Corrupted,
        "%s of revision %s had changed on this node's disk and was replaced by a good copy at %s; if"
                .formatted(damage, content.revision(), when.truncatedTo(ChronoUnit.SECONDS))
            + " it happens again, check the disk");
  }

  /** Bytes changed in transit, or at their sender. */
  static NodeProblem corruptPiece(Event.CorruptPiece corrupt) {
    Metainfo metainfo = corrupt.activeTorrent().metainfo();
    String file = metainfo.path(metainfo.fileAt(metainfo.pieceOffset(corrupt.piece())));
    return new NodeProblem(
        Reason.Corrupted,
        ("piece %d, of '%s', came corrupt from %s and was thrown away: it is fetched again, from"
                + " others if there are any. If it happens again, check the network, and the memory of"
                + " whoever sent it")
            .formatted(corrupt.piece(), file, String.join(", ", corrupt.senders())));
  }

  /**
   * Why nothing of a content arrives, as far as this node can know.
   *
   * @param known who may hold it
   * @param connected how many of them there is a connection to
   * @param tracker whether the tracker answers
   */
  static NodeProblem nothingComes(
      Collection<InetSocketAddress> known, int connected, boolean tracker) {
    if (connected > 0) {
      return new NodeProblem(
          Reason.NoSeedsReachable,
          connected
              + " neighbours are connected and none of them sends what is missing: no full copy is"
              + " reachable. It continues when a node that holds the revision, or its seeder, is"
              + " back");
    }
    if (!known.isEmpty()) {
      return new NodeProblem(
          Reason.NoSeedsReachable,
          "none of %d known holders answers, such as %s: check the network between the nodes"
              .formatted(known.size(), Addresses.text(known.iterator().next())));
    }
    return tracker
        ? new NodeProblem(
            Reason.NoSeedsReachable,
            "nobody is known to hold the revision: see whether its seeder pod runs")
        : new NodeProblem(
            Reason.TrackerUnavailable,
            "the tracker does not answer, and no holder is known without it: look at the pod"
                + " corvid-tracker");
  }
}
