package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.wire.Handshake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * What is reached under an info-hash: connections whose handshakes are done are handed to it on its
 * loop.
 */
public interface TorrentEndpoint {
  Loop loop();

  Handshake handshake();

  /** Takes the channel over, or closes it. */
  void handshaken(
      SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs);

  /** A connection that this side dialled did not get so far. */
  void unreachable(InetSocketAddress address, IOException cause);
}
