package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.net.Connection;
import dev.corvid.bittorrent.net.TorrentContext;
import dev.corvid.bittorrent.pieces.PieceStorage;
import dev.corvid.bittorrent.policy.Policy;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.Location;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.MetadataExchange;
import java.util.BitSet;

/**
 * The first messages of each connection: the pieces that are here, as far as they are shown, and
 * the extension handshake.
 *
 * @param have the pieces that are here, as it changes
 * @param onlyFirst so many pieces are fetched, the first ones; 0: all
 */
record InitialMessages(
    PieceStorage storage,
    MetadataExchange metadata,
    Policy policy,
    BitSet have,
    int onlyFirst,
    TorrentContext torrent) {

  /**
   * @return the pieces that were announced to it
   */
  BitSet sendTo(Connection connection) {
    var theirs = connection.handshake();
    var hidden = policy.superSeeding();
    if (theirs.fast() && (hidden || have.isEmpty())) {
      connection.send(Message.Signal.HAVE_NONE);
    } else if (theirs.fast() && have.cardinality() == storage.pieces()) {
      connection.send(Message.Signal.HAVE_ALL);
    } else if (!hidden && !have.isEmpty()) {
      connection.send(Message.Bitfield.of(have, storage.pieces()));
    }
    if (theirs.extended()) {
      connection.send(new Message.Extended(0, extensions().encode()));
    }
    return hidden ? new BitSet() : (BitSet) have.clone();
  }

  /**
   * Sends HAVE for pieces that came since, or are not hidden any more: until it joined, it was sent
   * none.
   *
   * @param sentHave what {@link #sendTo} returned
   */
  void catchUp(Connection connection, BitSet sentHave) {
    if (policy.superSeeding()) {
      return;
    }
    var missed = (BitSet) have.clone();
    missed.andNot(sentHave);
    missed.stream().forEach(piece -> connection.send(new Message.Have(piece)));
  }

  /**
   * Where this side is. Bytes between two processes of a machine count against the limits, too: one
   * whose uploads are limited does not send its machine, so that no peer takes more of them.
   */
  Location location() {
    var zone = torrent.swarm().zone().get();
    return torrent.rateLimiter().isUploadLimited()
        ? new Location(zone, "")
        : new Location(zone, Location.host(torrent.swarm().options().host()));
  }

  private ExtensionHandshake extensions() {
    return new ExtensionHandshake(
        ExtensionHandshake.UT_METADATA,
        metadata.size(),
        torrent.swarm().options().largestBlock(),
        ExtensionHandshake.DEFAULT_QUEUE,
        torrent.swarm().port(),
        location(),
        onlyFirst);
  }
}
