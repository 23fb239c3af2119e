package dev.corvid.swarm;

import dev.corvid.metainfo.Metainfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

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
  private static final long PATIENCE = 10_000_000_000L;

  private final MetainfoFetch fetch;
  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final FrameReader reader = new FrameReader(-1, OpenPiece.UNIT);

  /** Grows as blocks come, whatever size was claimed. */
  private final ByteArrayOutputStream info = new ByteArrayOutputStream();

  private Loop.Timer patience;
  private int theirId;
  private int size;

  MetadataConnection(MetainfoFetch fetch, SocketChannel channel, InetSocketAddress address) {
    this.fetch = fetch;
    this.channel = channel;
    this.address = address;
  }

  void open() {
    try {
      fetch.loop().register(channel, SelectionKey.OP_READ, this);
      send(
          new Message.Extended(
              0,
              new ExtensionHandshake(ExtensionHandshake.UT_METADATA, 0, OpenPiece.UNIT, 1, 0)
                  .encode()));
      bePatient();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    var buffer = fetch.loop().receiveBuffer();
    if (channel.read(buffer) < 0) throw new IOException(address + " hung up");
    reader.feed(buffer.flip(), this);
  }

  @Override
  public void message(Message message) throws IOException {
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
      throw new ProtocolException("it has no metadata");
    if (theirs.metadataSize() > Metainfo.MAX_INFO_BYTES) {
      throw new ProtocolException("metadata of " + theirs.metadataSize() + " bytes");
    }
    theirId = theirs.metadataId();
    size = theirs.metadataSize();
    askNext();
  }

  private void block(ByteBuffer payload) throws IOException {
    var header = Metadata.Header.decode(payload);
    if (header.type() == Metadata.REJECT) throw new ProtocolException("it refuses its metadata");
    if (header.type() != Metadata.DATA || header.block() != info.size() / Metadata.BLOCK) return;
    if (payload.remaining() != Math.min(Metadata.BLOCK, size - info.size())) {
      throw new ProtocolException("a metadata block of " + payload.remaining() + " bytes");
    }
    info.write(payload.array(), payload.position(), payload.remaining());
    if (info.size() < size) {
      askNext();
    } else {
      fetch.fetched(info.toByteArray());
    }
  }

  private void askNext() throws IOException {
    bePatient();
    send(
        new Message.Extended(
            theirId,
            new Metadata.Header(Metadata.REQUEST, info.size() / Metadata.BLOCK, 0).encode()));
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
