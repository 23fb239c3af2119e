package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.peers.RejectCounters;
import dev.corvid.bittorrent.peers.SharedAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Accepts peers, with limits on those whose handshake is pending. Lives on one loop. */
public final class Acceptor implements Loop.Handler, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Acceptor.class.getName());
  private static final int BACKLOG = 256;
  private static final int ACCEPTS_PER_EVENT = 32;
  private static final long PAUSE = 1_000_000_000L;

  private final Loop loop;
  private final SwarmOptions options;
  private final Function<SwarmId, @Nullable TorrentEndpoint> endpoints;
  private final RejectCounters rejects;
  private final ServerSocketChannel channel;

  /** In the order in which they were accepted. */
  private final Set<HandshakeConnection> pending = new LinkedHashSet<>();

  /**
   * @throws IOException if the address cannot be bound
   */
  public Acceptor(
      Loop loop,
      SwarmOptions options,
      Function<SwarmId, @Nullable TorrentEndpoint> endpoints,
      RejectCounters rejects)
      throws IOException {
    this.loop = loop;
    this.options = options;
    this.endpoints = endpoints;
    this.rejects = rejects;
    channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(options.listen(), BACKLOG);
      channel.configureBlocking(false);
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "Cannot listen for peers on " + options.listen() + ": " + ErrorMessage.of(e), e);
    }
  }

  /** Runs on the loop. */
  public void start() {
    try {
      loop.register(channel, SelectionKey.OP_ACCEPT, this);
    } catch (IOException e) {
      failed(e);
    }
  }

  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  @Override
  public void ready(SelectionKey key) {
    try {
      for (var i = 0; i < ACCEPTS_PER_EVENT; i++) {
        var accepted = channel.accept();
        if (accepted == null) {
          return;
        }
        handshake(accepted);
      }
    } catch (IOException e) {
      // Out of descriptors, most likely: the connection stays pending, so looking again at once
      // would spin.
      LOG.log(Level.WARNING, "Accepting a connection failed; the next attempt is in a second", e);
      key.interestOps(0);
      loop.after(PAUSE, () -> resume(key));
    }
  }

  private void resume(SelectionKey key) {
    if (key.isValid()) {
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  private void handshake(SocketChannel accepted) {
    try {
      var host = ((InetSocketAddress) accepted.getRemoteAddress()).getAddress();
      makeRoom(host);
      accepted.configureBlocking(false);
      accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      pending.add(
          HandshakeConnection.accepted(
              loop, accepted, options, endpoints, rejects, pending::remove));
    } catch (IOException e) {
      LOG.log(Level.FINE, "An accepted connection failed", e);
      Channels.close(accepted);
    }
  }

  /**
   * Evicts the oldest pending connection of the address that has most, or of the newcomer's own
   * address if that is at its limit. So silent connections from many addresses lock nobody out: a
   * peer that sends its handshake at once has done so before it is the oldest.
   */
  private void makeRoom(InetAddress host) {
    var most =
        SharedAddress.is(host)
            ? options.maxPendingHandshakes()
            : options.maxConnectionsPerAddress();
    var counts = new HashMap<InetAddress, Integer>();
    for (var connection : pending) {
      counts.merge(connection.host(), 1, Integer::sum);
    }
    if (counts.getOrDefault(host, 0) >= most) {
      endOldest(host);
    } else if (pending.size() >= options.maxPendingHandshakes()) {
      fullest(counts).ifPresent(this::endOldest);
    }
  }

  /** Of several, the one that has been waiting for longest. */
  private Optional<InetAddress> fullest(Map<InetAddress, Integer> counts) {
    InetAddress fullest = null;
    for (var connection : pending) {
      var host = connection.host();
      if (fullest == null || counts.getOrDefault(host, 0) > counts.getOrDefault(fullest, 0)) {
        fullest = host;
      }
    }
    return Optional.ofNullable(fullest);
  }

  private void endOldest(InetAddress host) {
    for (var connection : pending) {
      if (!connection.host().equals(host)) {
        continue;
      }
      rejects.count(RejectReason.TOO_MANY);
      connection.failed(new IOException("It gave way to another connection"));
      return;
    }
  }

  @Override
  public void failed(IOException cause) {
    try {
      close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "Closing the listener", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
