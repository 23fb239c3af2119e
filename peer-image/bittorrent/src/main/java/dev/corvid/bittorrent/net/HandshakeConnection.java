package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.peers.RejectCounters;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.ProtocolException;
import dev.corvid.net.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A connection until both handshakes are done. The accepting side answers when it knows the swarm,
 * and closes silently if the info-hash is unknown. Reads not one byte beyond the handshake.
 */
public final class HandshakeConnection implements Loop.Handler {
  private static final Logger LOG = Logger.getLogger(HandshakeConnection.class.getName());

  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final boolean dialled;
  private final Function<SwarmId, TorrentEndpoint> endpoints;
  private final RejectCounters rejects;
  private final Consumer<HandshakeConnection> ended;
  private final ByteBuffer in = ByteBuffer.allocate(Handshake.BYTES);
  private TorrentEndpoint endpoint;
  private Loop.Timer timeout;

  private HandshakeConnection(
      SocketChannel channel,
      InetSocketAddress address,
      TorrentEndpoint endpoint,
      Function<SwarmId, TorrentEndpoint> endpoints,
      RejectCounters rejects,
      Consumer<HandshakeConnection> ended) {
    this.channel = channel;
    this.address = address;
    this.endpoint = endpoint;
    this.dialled = endpoint != null;
    this.endpoints = endpoints;
    this.rejects = rejects;
    this.ended = ended;
  }

  static void dialled(
      TorrentEndpoint endpoint,
      SocketChannel channel,
      InetSocketAddress address,
      SwarmContext context)
      throws IOException {
    var connection =
        new HandshakeConnection(channel, address, endpoint, null, context.rejects(), _ -> {});
    connection.begin(endpoint.loop(), context.options());
    connection.sendHandshake();
  }

  /**
   * @param ended called when the handshakes are done or have failed
   */
  static HandshakeConnection accepted(
      Loop loop,
      SocketChannel channel,
      SwarmOptions options,
      Function<SwarmId, TorrentEndpoint> endpoints,
      RejectCounters rejects,
      Consumer<HandshakeConnection> ended)
      throws IOException {
    var address = (InetSocketAddress) channel.getRemoteAddress();
    var connection = new HandshakeConnection(channel, address, null, endpoints, rejects, ended);
    connection.begin(loop, options);
    return connection;
  }

  InetAddress host() {
    return address.getAddress();
  }

  private void begin(Loop loop, SwarmOptions options) throws IOException {
    loop.register(channel, SelectionKey.OP_READ, this);
    timeout =
        loop.after(
            options.handshakeTimeout().toNanos(),
            () -> {
              rejects.count(RejectReason.SILENT);
              failed(new IOException("No handshake in time from " + Addresses.text(address)));
            });
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException(Addresses.text(address) + " hung up during the handshake");
    }
    if (endpoint == null && in.position() >= Handshake.FIRST_PART) {
      endpoint = endpoints.apply(Handshake.swarm(in.duplicate().flip()));
      if (endpoint == null) {
        throw new ProtocolException("it asks for a torrent that is not here");
      }
      sendHandshake();
    }
    if (in.hasRemaining()) {
      return;
    }
    var theirs = Handshake.decode(in.flip());
    if (!theirs.swarm().equals(endpoint.handshake().swarm())) {
      throw new ProtocolException("it answers for another torrent");
    }
    finish(key, theirs);
  }

  private void finish(SelectionKey key, Handshake theirs) {
    timeout.cancel();
    ended.accept(this);
    if (endpoint.loop().isOwnThread()) {
      endpoint.handshaken(channel, address, dialled, theirs);
    } else {
      key.cancel();
      endpoint.loop().execute(() -> endpoint.handshaken(channel, address, dialled, theirs));
    }
  }

  /** The first bytes on a fresh connection always fit its buffer. */
  private void sendHandshake() throws IOException {
    var out = ByteBuffer.allocate(Handshake.BYTES);
    endpoint.handshake().encode(out);
    if (channel.write(out.flip()) < Handshake.BYTES) {
      throw new IOException(Addresses.text(address) + " takes no handshake");
    }
  }

  @Override
  public void failed(IOException cause) {
    if (!channel.isOpen()) {
      return;
    }
    LOG.log(Level.FINE, cause, () -> "No connection with " + Addresses.text(address));
    rejects.ended(RejectReason.HANDSHAKE, cause);
    timeout.cancel();
    Channels.close(channel);
    ended.accept(this);
    if (dialled) {
      endpoint.unreachable(address, cause);
    }
  }
}
