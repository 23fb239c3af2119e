package dev.corvid.bittorrent;

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
 * Dialling (TCP comes up)  -- connected          --> Greeting
 * Greeting (68 bytes each) -- handshakes said    --> Connection
 * any                      -- error, its timeout --> closed
 * </pre>
 */
final class Dialling implements Loop.Handler {
  private final Party party;
  private final InetSocketAddress address;
  private final Session.Shared shared;
  private final SocketChannel channel;
  private Loop.Timer timeout;

  private Dialling(
      Party party, InetSocketAddress address, Session.Shared shared, SocketChannel channel) {
    this.party = party;
    this.address = address;
    this.shared = shared;
    this.channel = channel;
  }

  /** Called on the party's loop. */
  static void dial(Party party, InetSocketAddress address, Session.Shared shared) {
    try {
      var channel = SocketChannel.open();
      var dialling = new Dialling(party, address, shared, channel);
      try {
        dialling.begin();
      } catch (IOException | RuntimeException e) {
        dialling.failed(e instanceof IOException io ? io : new IOException(e));
      }
    } catch (IOException e) {
      party.unreachable(address, e);
    }
  }

  private void begin() throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    timeout =
        party
            .loop()
            .after(
                nanos(shared.options().dialTimeout()),
                () -> failed(new IOException("No answer from " + Addresses.text(address))));
    if (channel.connect(address)) {
      connected();
    } else {
      party.loop().register(channel, SelectionKey.OP_CONNECT, this);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (channel.finishConnect()) connected();
  }

  private void connected() throws IOException {
    timeout.cancel();
    Greeting.dialled(party, channel, address, shared);
  }

  @Override
  public void failed(IOException cause) {
    if (timeout != null) timeout.cancel();
    Greeting.close(channel);
    party.unreachable(address, cause);
  }

  static long nanos(Duration duration) {
    return duration.toNanos();
  }
}
