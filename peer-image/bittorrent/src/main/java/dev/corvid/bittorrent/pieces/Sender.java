package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.WebSeed;
import java.net.InetSocketAddress;

/**
 * What is left of a {@link PieceSource} when its connection is closed: by this it is banned for
 * what it sent before. Equal for all connections of the same sender.
 */
public sealed interface Sender {
  /**
   * A peer.
   *
   * @param reached the other end of its connection
   * @param listens where it accepts connections, as it says
   */
  record Peer(InetSocketAddress reached, InetSocketAddress listens) implements Sender {}

  /** A web seed. */
  record Server(WebSeed seed) implements Sender {}
}
