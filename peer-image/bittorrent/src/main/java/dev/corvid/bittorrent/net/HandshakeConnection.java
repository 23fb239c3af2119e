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
import org.jspecify.annotations.Nullable;

/**
 * A connection until both handshakes are done. The accepting side answers when it knows the swarm,
 * and closes silently if the info-hash is unknown. Reads not one byte beyond the handshake.
 */
public final class HandshakeConnection implements Loop.Handler {
  private static final Logger LOG = Logger.getLogger(HandshakeConnection.class.getName());

  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final boolean dialled;
  private final Function<SwarmId, @Nullable TorrentEndpoint> endpoints;
  private final RejectCounters rejects;
  private final Consumer<HandshakeConnection> ended;
  private final ByteBuffer in = ByteBuffer.allocate(Handshake.BYTES);

  /** Null until an accepted connection has said which swarm it wants. */
  private @Nullable TorrentEndpoint endpoint;

  private Loop.Timer timeout = Loop.Timer.NONE;

  private HandshakeConnection(
      SocketChannel channel,
      InetSocketAddress address,
      @Nullable TorrentEndpoint endpoint,
      Function<SwarmId, @Nullable TorrentEndpoint> endpoints,
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
        new HandshakeConnection(
            channel, address, endpoint, _ -> endpoint, context.rejects(), _ -> {});
    connection.sendHandshake(endpoint);
    connection.begin(endpoint.loop(), context.options());
  }

  /**
   * @param ended called when the handshakes are done or have failed
   */
  static HandshakeConnection accepted(
      Loop loop,
      SocketChannel channel,
      SwarmOptions options,
      Function<SwarmId, @Nullable TorrentEndpoint> endpoints,
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
    if (in.position() < Handshake.FIRST_PART) {
      return;
    }
    if (endpoint == null) {
      endpoint = endpoints.apply(Handshake.swarm(in.duplicate().flip()));
      if (endpoint == null) {
        throw new ProtocolException("it asks for a torrent that is not here");
      }
      sendHandshake(endpoint);
    }
    if (in.hasRemaining()) {
      return;
    }
    var theirs = Handshake.decode(in.flip());
    if (!theirs.swarm().equals(endpoint.handshake().swarm())) {
      throw new ProtocolException("it answers for another torrent");
    }
    finish(endpoint, key, theirs);
  }

  private void finish(TorrentEndpoint endpoint, SelectionKey key, Handshake theirs) {
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
  private void sendHandshake(TorrentEndpoint endpoint) throws IOException {
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
    if (dialled && endpoint != null) {
      endpoint.unreachable(address, cause);
    }
  }
}
