package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.pieces.PartialPiece;
import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.pieces.Sender;
import dev.corvid.bittorrent.pieces.StorageException;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.FrameReader;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.MessageBudget;
import dev.corvid.bittorrent.wire.ProtocolException;
import dev.corvid.net.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A live connection of one torrent: reads what comes and passes it on. What goes out is its {@link
 * ConnectionWriter}'s. Confined to its torrent's loop.
 *
 * <pre>
 * introduced -- extension handshake, or a message that neither greets nor says what it has --> joined (known to the policy)
 * any        -- error, end of stream, close                                               --> closed
 * </pre>
 */
public final class Connection implements PieceSource, Loop.Handler, FrameReader.Sink {
  private static final Logger LOG = Logger.getLogger(Connection.class.getName());

  private enum State {
    HANDSHAKEN,
    JOINED,
    CLOSED
  }

  private final ConnectionListener listener;
  private final TorrentContext torrent;
  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final boolean dialled;
  private final Handshake handshake;
  private final FrameReader reader;
  private final ConnectionWriter writer;
  private final Pipeline pipeline = new Pipeline(this);
  private final MessageBudget budget;
  private final BitSet announced = new BitSet();
  private BitSet sentHave = new BitSet();
  private @Nullable SelectionKey key;
  private State state = State.HANDSHAKEN;
  private ExtensionHandshake extension = ExtensionHandshake.NONE;
  private int id = -1;
  private int blockPiece;
  private int blockLeft;
  private final long openedAt;
  private long lastReceivedAt;
  private long payloadReceivedAt;
  private long payloadReceived;

  public Connection(
      ConnectionListener listener,
      TorrentContext torrent,
      SocketChannel channel,
      InetSocketAddress address,
      boolean dialled,
      Handshake theirs) {
    this.listener = listener;
    this.torrent = torrent;
    this.channel = channel;
    this.address = address;
    this.dialled = dialled;
    this.handshake = theirs;
    this.reader = new FrameReader((torrent.storage().pieces() + 7) / 8, torrent.largestBlock());
    this.writer = new ConnectionWriter(this, listener, torrent, channel);
    openedAt = lastReceivedAt = payloadReceivedAt = torrent.loop().now();
    budget = new MessageBudget(torrent.storage().pieces(), openedAt);
  }

  public void open() throws IOException {
    key = torrent.loop().register(channel, SelectionKey.OP_READ, this);
    writer.open(key);
    sentHave = listener.opened(this);
    if (!handshake.extended()) {
      join();
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  public boolean dialled() {
    return dialled;
  }

  public Handshake handshake() {
    return handshake;
  }

  public ExtensionHandshake extension() {
    return extension;
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public void assignId(int number) {
    id = number;
  }

  @Override
  public Sender sender() {
    return new Sender.Peer(address, new InetSocketAddress(address.getAddress(), extension.port()));
  }

  public boolean closed() {
    return state == State.CLOSED;
  }

  /** Nanoseconds since it went live. */
  public long lasted() {
    return torrent.loop().now() - openedAt;
  }

  public long lastReceivedAt() {
    return lastReceivedAt;
  }

  public long lastSentAt() {
    return writer.lastSentAt();
  }

  /** Nanoseconds without payload in either direction. */
  public long idle() {
    return torrent.loop().now() - Math.max(payloadReceivedAt, writer.payloadSentAt());
  }

  /** Bytes of payload, both ways. */
  public long exchanged() {
    return payloadReceived + writer.payloadSent();
  }

  @Override
  public void ready(SelectionKey ready) throws IOException {
    if (ready.isReadable()) {
      torrent.loop().hashThread().lend(this::read);
    }
    if (state != State.CLOSED && ready.isWritable()) {
      writer.flush();
    }
  }

  /** Queues a message; it is written when the event at hand has been dealt with. */
  @Override
  public void send(Message message) {
    if (state != State.CLOSED) {
      writer.add(message);
    }
  }

  /** Choked: what it asked for is not served. */
  @Override
  public void refuseAll() {
    writer.refuseAll();
  }

  @Override
  public void fetch(PartialPiece piece) {
    pipeline.fetch(piece);
    torrent.loop().defer(this::askAgain);
  }

  @Override
  public boolean expects(int piece) {
    return pipeline.holds(piece) || (blockPiece == piece && blockLeft > 0);
  }

  @Override
  public void cancel(int piece) {
    pipeline.drop(piece, this::cancel);
    torrent.loop().defer(this::askAgain);
  }

  /** With BEP 6 it is answered: by the block, or by a reject, which returns what was charged. */
  private void cancel(Message.Request block) {
    send(new Message.Cancel(block.piece(), block.begin(), block.length()));
    if (!handshake.fast()) {
      torrent.rateLimiter().returned(pipeline.uncharge(block.length()));
    }
  }

  @Override
  public void askAgain() {
    if (state == State.JOINED) {
      listener.wantsRequests(this);
    }
  }

  @Override
  public void failed(IOException cause) {
    if (state == State.CLOSED) {
      return;
    }
    LOG.log(Level.FINE, cause, () -> "The connection with " + Addresses.text(address) + " ends");
    torrent.swarm().rejects().ended(RejectReason.PROTOCOL, cause);
    close();
    if (cause instanceof StorageException storage) {
      listener.storageFailed(storage);
    }
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    var wasJoined = state == State.JOINED;
    state = State.CLOSED;
    if (key != null) {
      key.cancel();
    }
    Channels.close(channel);
    listener.closed(this, wasJoined);
  }

  private void read(ByteBuffer buffer) throws IOException {
    var count = channel.read(buffer);
    if (count < 0) {
      throw new IOException(Addresses.text(address) + " hung up");
    }
    if (count == 0) {
      return;
    }
    lastReceivedAt = torrent.loop().now();
    reader.feed(buffer.flip(), this);
    if (state != State.CLOSED && budget.debt(lastReceivedAt) > 0) {
      holdBack();
    }
  }

  /** What it sends from now on waits on its side. */
  private void holdBack() {
    torrent.swarm().rejects().count(RejectReason.FLOOD);
    writer.setReading(false);
    torrent
        .loop()
        .after(
            budget.debt(lastReceivedAt),
            () -> {
              if (state != State.CLOSED) {
                writer.setReading(true);
              }
            });
  }

  /** So much payload was written. */
  void sent(int bytes) {
    budget.earn(bytes);
    listener.sent(this, bytes);
  }

  @Override
  public void message(Message message) throws IOException {
    if (state == State.CLOSED) {
      return;
    }
    budget.charge(MessageBudget.cost(message), lastReceivedAt);
    switch (message) {
      case Message.Bitfield bitfield -> announce(bitfield.pieces());
      case Message.Signal signal when signal == Message.Signal.HAVE_ALL -> announceAll();
      case Message.Signal signal when signal == Message.Signal.HAVE_NONE -> announce(new BitSet());
      case Message.Extended(var extensionId, var payload) -> extended(extensionId, payload);
      case Message.KeepAlive _, Message.Ignored _ -> {}
      case Message.Have(var piece) when state == State.HANDSHAKEN -> {
        torrent.storage().check(piece);
        announced.set(piece);
      }
      default -> {
        if (state == State.HANDSHAKEN) {
          join();
        }
        if (state == State.JOINED) {
          act(message);
        }
      }
    }
  }

  private void act(Message message) throws IOException {
    switch (message) {
      case Message.Have(var piece) -> {
        torrent.storage().check(piece);
        listener.have(this, piece);
      }
      case Message.Request request -> writer.requested(request);
      case Message.Cancel(var piece, var begin, var length) ->
          writer.cancelled(new Message.Request(piece, begin, length));
      case Message.Reject(var piece, var begin, var length) ->
          rejected(new Message.Request(piece, begin, length));
      case Message.Signal signal -> {
        switch (signal) {
          case CHOKE -> listener.choked(this);
          case UNCHOKE -> listener.unchoked(this);
          case INTERESTED -> listener.interested(this);
          case NOT_INTERESTED -> listener.notInterested(this);
          case HAVE_ALL, HAVE_NONE ->
              throw new ProtocolException("what it has comes after other messages");
        }
      }
      default -> throw new IllegalStateException("Not a message to act on: " + message);
    }
  }

  private void rejected(Message.Request block) throws ProtocolException {
    torrent.storage().check(block);
    var charged = pipeline.charged();
    var expected = pipeline.rejected(block);
    torrent.rateLimiter().returned(charged - pipeline.charged()); // even if it was cancelled before
    if (expected) {
      listener.rejected(this, block);
    }
  }

  @Override
  public void blockBegins(int piece, int begin, int length) throws IOException {
    budget.charge(1, lastReceivedAt);
    blockPiece = piece;
    blockLeft = length;
    if (state == State.HANDSHAKEN) {
      join();
    }
    if (state == State.CLOSED) {
      return;
    }
    pipeline.begins(piece, begin, length);
    listener.blockBegins(this, piece, begin, length);
  }

  @Override
  public void blockBytes(ByteBuffer bytes) throws IOException {
    if (state == State.CLOSED) {
      bytes.position(bytes.limit());
      return;
    }
    payloadReceivedAt = lastReceivedAt;
    payloadReceived += bytes.remaining();
    budget.earn(bytes.remaining());
    blockLeft -= bytes.remaining();
    listener.received(this, blockPiece, bytes);
    if (state == State.JOINED && blockLeft == 0) {
      listener.wantsRequests(this);
    }
  }

  private void extended(int extensionId, byte[] payload) throws IOException {
    if (extensionId == 0) {
      if (state != State.HANDSHAKEN) {
        return; // the first one counts
      }
      extension = ExtensionHandshake.decode(payload);
      pipeline.agreed(extension, torrent.largestBlock());
      join();
    } else if (extensionId == ExtensionHandshake.UT_METADATA && extension.metadataId() != 0) {
      listener
          .metadata(payload, writer.isBacklogged())
          .ifPresent(answer -> send(new Message.Extended(extension.metadataId(), answer)));
    }
  }

  /**
   * Some send the extension handshake before, some after what they have. BEP 3 wants a bitfield
   * first and once; aria2 sends another in place of many HAVEs, so each one adds to what is known.
   */
  private void announce(BitSet has) {
    has.clear(torrent.storage().pieces(), Integer.MAX_VALUE);
    if (state == State.HANDSHAKEN) {
      announced.or(has);
    } else {
      listener.have(this, has);
    }
  }

  private void announceAll() {
    var all = new BitSet();
    all.set(0, torrent.storage().pieces());
    announce(all);
  }

  private void join() {
    state = State.JOINED;
    if (!listener.joined(this, announced, sentHave)) {
      close();
    }
  }

  @Override
  public String toString() {
    return Addresses.text(address);
  }
}
