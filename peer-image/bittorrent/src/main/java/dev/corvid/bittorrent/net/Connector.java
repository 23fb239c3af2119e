package dev.corvid.bittorrent.net;

import dev.corvid.net.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * The first state of a connection that this side opens.
 *
 * <pre>
 * Connector (TCP comes up)  -- connected          --> HandshakeConnection
 * HandshakeConnection (68 bytes each) -- handshakes done    --> Connection
 * any                      -- error, its timeout --> closed
 * </pre>
 */
public final class Connector implements Loop.Handler {
  private final TorrentEndpoint endpoint;
  private final InetSocketAddress address;
  private final SwarmContext context;
  private final SocketChannel channel;
  private Loop.Timer timeout = Loop.Timer.NONE;

  private Connector(
      TorrentEndpoint endpoint,
      InetSocketAddress address,
      SwarmContext context,
      SocketChannel channel) {
    this.endpoint = endpoint;
    this.address = address;
    this.context = context;
    this.channel = channel;
  }

  /** Called on the party's loop. */
  public static void dial(
      TorrentEndpoint endpoint, InetSocketAddress address, SwarmContext context) {
    try {
      var channel = SocketChannel.open();
      var connector = new Connector(endpoint, address, context, channel);
      try {
        connector.begin();
      } catch (IOException | RuntimeException e) {
        connector.failed(e instanceof IOException io ? io : new IOException(e));
      }
    } catch (IOException e) {
      endpoint.unreachable(address, e);
    }
  }

  private void begin() throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    timeout =
        endpoint
            .loop()
            .after(
                nanos(context.options().dialTimeout()),
                () -> failed(new IOException("No answer from " + Addresses.text(address))));
    if (channel.connect(address)) {
      connected();
    } else {
      endpoint.loop().register(channel, SelectionKey.OP_CONNECT, this);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (channel.finishConnect()) {
      connected();
    }
  }

  private void connected() throws IOException {
    timeout.cancel();
    HandshakeConnection.dialled(endpoint, channel, address, context);
  }

  @Override
  public void failed(IOException cause) {
    timeout.cancel();
    Channels.close(channel);
    endpoint.unreachable(address, cause);
  }

  static long nanos(Duration duration) {
    return duration.toNanos();
  }
}
