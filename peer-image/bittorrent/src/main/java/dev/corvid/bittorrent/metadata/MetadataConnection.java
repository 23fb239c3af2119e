package dev.corvid.bittorrent.metadata;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.net.Channels;
import dev.corvid.bittorrent.net.Loop;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.FrameReader;
import dev.corvid.bittorrent.wire.Location;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.MessageBudget;
import dev.corvid.bittorrent.wire.MetadataExchange;
import dev.corvid.bittorrent.wire.ProtocolException;
import dev.corvid.net.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that only fetches metadata (BEP 9), block after block.
 *
 * <pre>
 * waiting  -- extension handshake with ut_metadata --> queued
 * queued   -- the {@link MetadataBudget} grants it --> fetching
 * fetching -- last block                           --> checked
 * checked  -- hash and content are right           --> done
 * any      -- reject, error, ten silent seconds    --> failed
 * fetching -- behind its pace, and others wait     --> failed
 * </pre>
 */
final class MetadataConnection implements Loop.Handler, FrameReader.Sink {
  /** Pieces that it may announce meanwhile; how many there are is not known yet. */
  private static final int MOST_ANNOUNCED = 100_000;

  private static final long PATIENCE = 10_000_000_000L;

  /** While others wait it has to bring so many bytes a second, all the time but a few seconds. */
  private static final int LEAST_RATE = 1 << 20;

  private static final long SPARE_TIME = 4_000_000_000L;
  private static final long CHECK_PACE = 2_000_000_000L;

  private final MetainfoFetch fetch;
  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final boolean dialled;
  private final FrameReader reader = new FrameReader(-1, Message.BLOCK);
  private final MessageBudget budget;

  /** Memory is taken as blocks come, whatever size was claimed. */
  private List<ByteBuffer> blocks = new ArrayList<>();

  /** Null until the neighbour says how large the dictionary is. */
  private MetadataBudget.@Nullable Claim claim;

  /** Null until the claim is granted. */
  private Loop.@Nullable Timer turn;

  private long grantedAt;
  private boolean beingChecked;
  private Loop.Timer patience = Loop.Timer.NONE;
  private int theirId;
  private int size;
  private int held;

  MetadataConnection(
      MetainfoFetch fetch, SocketChannel channel, InetSocketAddress address, boolean dialled) {
    this.fetch = fetch;
    this.dialled = dialled;
    this.channel = channel;
    this.address = address;
    this.budget = new MessageBudget(MOST_ANNOUNCED, fetch.loop().now());
  }

  boolean dialled() {
    return dialled;
  }

  /** Bytes of the dictionary that have come. */
  int held() {
    return held;
  }

  void open() {
    try {
      fetch.loop().register(channel, SelectionKey.OP_READ, this);
      send(
          new Message.Extended(
              0,
              new ExtensionHandshake(
                      ExtensionHandshake.UT_METADATA, 0, Message.BLOCK, 1, 0, Location.NOWHERE, 0)
                  .encode()));
      bePatient();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    fetch.loop().hashThread().lend(this::read);
  }

  private void read(ByteBuffer buffer) throws IOException {
    if (channel.read(buffer) < 0) {
      throw new IOException(Addresses.text(address) + " hung up");
    }
    reader.feed(buffer.flip(), this);
    if (budget.debt(fetch.loop().now()) > 0) {
      throw new ProtocolException("more messages than a fetch of metadata needs");
    }
  }

  @Override
  public void message(Message message) throws IOException {
    budget.charge(MessageBudget.cost(message), fetch.loop().now());
    if (!channel.isOpen() || !(message instanceof Message.Extended(var extensionId, var payload))) {
      return;
    }
    if (extensionId == 0) {
      begin(ExtensionHandshake.decode(payload));
    } else if (extensionId == ExtensionHandshake.UT_METADATA && theirId != 0) {
      block(ByteBuffer.wrap(payload));
    }
  }

  private void begin(ExtensionHandshake theirs) throws IOException {
    if (theirId != 0) {
      return;
    }
    if (theirs.metadataId() == 0 || theirs.metadataSize() == 0) {
      throw new IOException(Addresses.text(address) + " has no metadata");
    }
    if (!fetch.budget().takes(theirs.metadataSize())) {
      throw new ProtocolException("metadata of " + theirs.metadataSize() + " bytes");
    }
    theirId = theirs.metadataId();
    size = theirs.metadataSize();
    patience.cancel();
    claim = fetch.claims().add(size, fetch.loop(), this::granted);
  }

  private void granted() {
    if (!channel.isOpen()) {
      return;
    }
    grantedAt = fetch.loop().now();
    turn = fetch.loop().after(CHECK_PACE, this::checkPace);
    try {
      askNext();
    } catch (IOException e) {
      failed(e);
    }
  }

  /**
   * Others wait for no slow one. It is not given the time that its size would take at the least
   * rate: one that claims the largest size and sends nothing would be waited for the longest.
   */
  private void checkPace() {
    var worked = fetch.loop().now() - grantedAt - SPARE_TIME;
    if (requireNonNull(claim).isInTheWay() && held < worked / 1e9 * LEAST_RATE) {
      failed(
          new IOException(
              Addresses.text(address) + " sends metadata too slowly for others to wait for it"));
    } else {
      turn = fetch.loop().after(CHECK_PACE, this::checkPace);
    }
  }

  private void block(ByteBuffer payload) throws IOException {
    var header = MetadataExchange.Header.decode(payload);
    if (header.type() == MetadataExchange.REJECT) {
      throw new IOException(Addresses.text(address) + " is too busy to send metadata");
    }
    if (turn == null || beingChecked) {
      return;
    }
    if (header.type() != MetadataExchange.DATA || header.block() != blocks.size()) {
      return;
    }
    if (payload.remaining() != Math.min(MetadataExchange.BLOCK, size - held)) {
      throw new ProtocolException("a metadata block of " + payload.remaining() + " bytes");
    }
    var block = new byte[payload.remaining()];
    payload.get(block);
    blocks.add(ByteBuffer.wrap(block));
    held += block.length;
    budget.earn(9L * block.length); // what its message cost
    if (held < size) {
      askNext();
      return;
    }
    patience.cancel();
    turn.cancel();
    beingChecked = true;
    var whole = blocks;
    blocks = List.of();
    fetch.fetched(this, whole);
  }

  /** Its memory is free again. */
  void checked() {
    beingChecked = false;
    requireNonNull(claim).release();
  }

  private void askNext() throws IOException {
    bePatient();
    send(
        new Message.Extended(
            theirId,
            new MetadataExchange.Header(MetadataExchange.REQUEST, blocks.size(), 0).encode()));
  }

  /** One small message at a time is under way, so it always fits. */
  private void send(Message message) throws IOException {
    var out = ByteBuffer.allocate(message.size());
    message.encode(out);
    if (channel.write(out.flip()) < message.size()) {
      throw new IOException(Addresses.text(address) + " does not read");
    }
  }

  private void bePatient() {
    patience.cancel();
    patience =
        fetch
            .loop()
            .after(
                PATIENCE,
                () -> failed(new IOException(Addresses.text(address) + " sends no metadata")));
  }

  @Override
  public void blockBegins(int piece, int begin, int length) throws IOException {
    throw new ProtocolException("a block that nobody asked for");
  }

  @Override
  public void blockBytes(ByteBuffer bytes) {
    bytes.position(bytes.limit());
  }

  @Override
  public void failed(IOException cause) {
    if (!channel.isOpen()) {
      return;
    }
    close();
    fetch.failed(this, address, cause);
  }

  void close() {
    patience.cancel();
    if (turn != null) {
      turn.cancel();
    }
    if (claim != null && !beingChecked) {
      claim.release();
    }
    blocks = List.of();
    Channels.close(channel);
  }
}
