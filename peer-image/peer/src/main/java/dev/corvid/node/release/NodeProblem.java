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

/**
 * What is reported of a release beside its state: why it failed, what blocks it, or what was
 * damaged and is mended by now.
 */
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
        ("piece %d, of '%s', from %s was corrupt and was discarded: it is fetched again, from"
                + " others if there are any. If it happens again, check the network, and the memory of"
                + " the sender")
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
            "no node or seeder is known to hold the revision: check that its seeder pod runs")
        : new NodeProblem(
            Reason.TrackerUnavailable,
            "the tracker does not answer, and this node knows no other source: check the pod"
                + " corvid-tracker");
  }
}
