package dev.corvid.node.torrent;

import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.Revision;
import dev.corvid.store.tree.Damage;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can happen to a release on this node. */
public sealed interface Event {
  /** A grant of the operator, its signature verified. */
  record Granted(SignedGrant signed, Grant grant) implements Event {}

  /**
   * Who may have the content.
   *
   * @param swarm in which they are
   * @param seeder null when there is none
   */
  record NeighboursKnown(
      String swarm, Collection<InetSocketAddress> neighbours, @Nullable InetSocketAddress seeder)
      implements Event {
    /**
     * As a message names them. Left out is what is no address, or none to connect to.
     *
     * @param own address of this peer
     */
    public static NeighboursKnown of(
        String swarm, Collection<String> neighbours, @Nullable String seeder, InetAddress own) {
      return new NeighboursKnown(
          swarm,
          neighbours.stream().flatMap(text -> address(text, own).stream()).toList(),
          seeder == null ? null : address(seeder, own).orElse(null));
    }

    private static Optional<InetSocketAddress> address(String text, InetAddress own) {
      try {
        return Optional.of(Endpoint.parse(text))
            .filter(endpoint -> endpoint.mayBeDialledFrom(own))
            .map(Endpoint::socketAddress);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /** The metainfo came from a neighbour. */
  record MetainfoFetched(Metainfo metainfo) implements Event {}

  /** The metainfo came, and could not be kept on this node. */
  record MetainfoNotKept(InfoHash content, IOException cause) implements Event {}

  /** The manifest is here; the torrent is paused, to copy what this node holds already. */
  record ManifestHere(ActiveTorrent activeTorrent) implements Event {}

  /** A corrupt piece arrived; it is fetched again. */
  record CorruptPiece(ActiveTorrent activeTorrent, int piece, List<String> senders)
      implements Event {}

  /** Every piece is there. */
  record Completed(ActiveTorrent activeTorrent) implements Event {}

  /** The disk failed under the swarm, which has stopped. */
  record StorageFailed(ActiveTorrent activeTorrent, IOException cause) implements Event {}

  /** The swarm knows too few others. */
  record NeighboursNeeded() implements Event {}

  /** A held revision was read again. */
  record Checked(Revision revision, Damage damage) implements Event {}

  /** A held revision could not be read again to its end; whether it is damaged is not known. */
  record Unread(Revision revision, Exception cause) implements Event {}

  /** Another release on this node has the same content, whole. */
  record DuplicateHeld(Revision revision) implements Event {}

  /** Another release on this node no longer shares the same content. */
  record DuplicateReleased() implements Event {}

  /** The process ends. */
  record Closing() implements Event {}

  /** What an agent reminds itself of. */
  enum Alarm implements Event {
    RETRY,
    ASK_FOR_NEIGHBOURS,
    CLEAN_UP,
    SEED_AGAIN,
    CHECK,
    CHECK_PROGRESS
  }
}
