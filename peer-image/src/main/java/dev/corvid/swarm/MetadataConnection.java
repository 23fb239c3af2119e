package dev.corvid.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that only fetches metadata (BEP 9), block after block.
 *
 * <pre>
 * waiting  -- extension handshake with ut_metadata --> fetching
 * fetching -- last block                           --> done
 * any      -- reject, error, ten silent seconds    --> failed
 * </pre>
 */
final class MetadataConnection implements Loop.Handler, FrameReader.Sink {
  /** Pieces that it may announce meanwhile; how many there are is not known yet. */
  private static final int MOST_ANNOUNCED = 100_000;

  private static final long PATIENCE = 10_000_000_000L;

  private final MetainfoFetch fetch;
  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final FrameReader reader = new FrameReader(-1, OpenPiece.BLOCK);

  /** Memory is taken as blocks come, whatever size was claimed. */
  private final List<byte[]> blocks = new ArrayList<>();

  private Loop.Timer patience;
  private int theirId;
  private int size;
  private int held;
  private final MessageBudget budget;

  MetadataConnection(MetainfoFetch fetch, SocketChannel channel, InetSocketAddress address) {
    this.fetch = fetch;
    this.channel = channel;
    this.address = address;
    this.budget = new MessageBudget(MOST_ANNOUNCED, fetch.loop().now());
  }

  /** Bytes that it claims the dictionary to have; 0 while it has said nothing. */
  int size() {
    return size;
  }

  /** Bytes of it that have come. */
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
                      ExtensionHandshake.UT_METADATA, 0, OpenPiece.BLOCK, 1, 0, "", 0)
                  .encode()));
      bePatient();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    fetch.loop().hashing().lend(this::read);
  }

  private void read(ByteBuffer buffer) throws IOException {
    if (channel.read(buffer) < 0) throw new IOException(address + " hung up");
    reader.feed(buffer.flip(), this);
    if (budget.debt(fetch.loop().now()) > 0)
      throw new ProtocolException("more messages than a fetch of metadata needs");
  }

  @Override
  public void message(Message message) throws IOException {
    budget.charge(MessageBudget.cost(message), fetch.loop().now());
    if (!channel.isOpen() || !(message instanceof Message.Extended(var extensionId, var payload)))
      return;
    if (extensionId == 0) {
      begin(ExtensionHandshake.decode(payload));
    } else if (extensionId == ExtensionHandshake.UT_METADATA && theirId != 0) {
      block(ByteBuffer.wrap(payload));
    }
  }

  private void begin(ExtensionHandshake theirs) throws IOException {
    if (theirId != 0) return;
    if (theirs.metadataId() == 0 || theirs.metadataSize() == 0)
      throw new IOException(address + " has no metadata");
    if (!fetch.takes(theirs.metadataSize())) {
      throw new ProtocolException("metadata of " + theirs.metadataSize() + " bytes");
    }
    theirId = theirs.metadataId();
    size = theirs.metadataSize();
    askNext();
  }

  private void block(ByteBuffer payload) throws IOException {
    var header = Metadata.Header.decode(payload);
    if (header.type() == Metadata.REJECT)
      throw new IOException(address + " is too busy to send metadata");
    if (header.type() != Metadata.DATA || header.block() != blocks.size()) return;
    if (payload.remaining() != Math.min(Metadata.BLOCK, size - held)) {
      throw new ProtocolException("a metadata block of " + payload.remaining() + " bytes");
    }
    var block = new byte[payload.remaining()];
    payload.get(block);
    blocks.add(block);
    held += block.length;
    budget.earn(9L * block.length); // what its message cost
    if (held == size) {
      fetch.fetched(whole());
      return;
    }
    fetch.held();
    if (channel.isOpen()) askNext();
  }

  private byte[] whole() {
    var info = ByteBuffer.allocate(size);
    blocks.forEach(info::put);
    blocks.clear();
    return info.array();
  }

  private void askNext() throws IOException {
    bePatient();
    send(
        new Message.Extended(
            theirId, new Metadata.Header(Metadata.REQUEST, blocks.size(), 0).encode()));
  }

  /** One small message at a time is under way, so it always fits. */
  private void send(Message message) throws IOException {
    var out = ByteBuffer.allocate(message.size());
    message.encode(out);
    if (channel.write(out.flip()) < message.size())
      throw new IOException(address + " does not read");
  }

  private void bePatient() {
    if (patience != null) patience.cancel();
    patience =
        fetch.loop().after(PATIENCE, () -> failed(new IOException(address + " sends no metadata")));
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
    if (!channel.isOpen()) return;
    close();
    fetch.failed(this, address, cause);
  }

  void close() {
    if (patience != null) patience.cancel();
    Greeting.close(channel);
  }
}
