package dev.corvid.bittorrent;

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
 * A connection while the two handshakes are said. The side that was called answers when it knows
 * the swarm, and says nothing to who asks for one that it does not have. Reads not one byte more
 * than the handshake.
 */
final class Greeting implements Loop.Handler {
  private static final Logger LOG = Logger.getLogger(Greeting.class.getName());

  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final boolean dialled;
  private final Function<SwarmId, Party> parties;
  private final Refusals refusals;
  private final Consumer<Greeting> ended;
  private final ByteBuffer in = ByteBuffer.allocate(Handshake.BYTES);
  private Party party;
  private Loop.Timer timeout;

  private Greeting(
      SocketChannel channel,
      InetSocketAddress address,
      Party party,
      Function<SwarmId, Party> parties,
      Refusals refusals,
      Consumer<Greeting> ended) {
    this.channel = channel;
    this.address = address;
    this.party = party;
    this.dialled = party != null;
    this.parties = parties;
    this.refusals = refusals;
    this.ended = ended;
  }

  static void dialled(
      Party party, SocketChannel channel, InetSocketAddress address, Session.Shared shared)
      throws IOException {
    var greeting = new Greeting(channel, address, party, null, shared.refusals(), _ -> {});
    greeting.begin(party.loop(), shared.options());
    greeting.say();
  }

  /**
   * @param ended told when the greeting is over, one way or the other
   */
  static Greeting accepted(
      Loop loop,
      SocketChannel channel,
      SwarmOptions options,
      Function<SwarmId, Party> parties,
      Refusals refusals,
      Consumer<Greeting> ended)
      throws IOException {
    var address = (InetSocketAddress) channel.getRemoteAddress();
    var greeting = new Greeting(channel, address, null, parties, refusals, ended);
    greeting.begin(loop, options);
    return greeting;
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
              refusals.count(Refusal.SILENT);
              failed(new IOException("No handshake in time from " + Addresses.text(address)));
            });
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (channel.read(in) < 0)
      throw new IOException(Addresses.text(address) + " hung up during the handshake");
    if (party == null && in.position() >= Handshake.FIRST_PART) {
      party = parties.apply(Handshake.swarm(in.duplicate().flip()));
      if (party == null) throw new ProtocolException("it asks for a torrent that is not here");
      say();
    }
    if (in.hasRemaining()) return;
    var theirs = Handshake.decode(in.flip());
    if (!theirs.swarm().equals(party.handshake().swarm()))
      throw new ProtocolException("it answers for another torrent");
    finish(key, theirs);
  }

  private void finish(SelectionKey key, Handshake theirs) {
    timeout.cancel();
    ended.accept(this);
    if (party.loop().isOwnThread()) {
      party.greeted(channel, address, dialled, theirs);
    } else {
      key.cancel();
      party.loop().execute(() -> party.greeted(channel, address, dialled, theirs));
    }
  }

  /** The first bytes on a fresh connection always fit its buffer. */
  private void say() throws IOException {
    var out = ByteBuffer.allocate(Handshake.BYTES);
    party.handshake().encode(out);
    if (channel.write(out.flip()) < Handshake.BYTES)
      throw new IOException(Addresses.text(address) + " takes no handshake");
  }

  @Override
  public void failed(IOException cause) {
    if (!channel.isOpen()) return;
    LOG.log(Level.FINE, cause, () -> "No connection with " + Addresses.text(address));
    refusals.ended(Refusal.HANDSHAKE, cause);
    timeout.cancel();
    close(channel);
    ended.accept(this);
    if (dialled) party.unreachable(address, cause);
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "Closing a connection", e);
    }
  }
}
