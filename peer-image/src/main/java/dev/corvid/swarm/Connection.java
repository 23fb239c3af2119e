package dev.corvid.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A live connection of one torrent: reads what comes and passes it on, writes what is due when the
 * socket takes it. Confined to its torrent's loop.
 *
 * <pre>
 * introduced -- extension handshake, or a message that neither greets nor says what it has --> joined (known to the policy)
 * any        -- error, end of stream, close                                               --> closed
 * </pre>
 */
final class Connection implements Source, Loop.Handler, FrameReader.Sink {
  private static final Logger LOG = Logger.getLogger(Connection.class.getName());
  private static final int QUANTUM = 256 << 10;
  private static final int MOST_QUEUED_BLOCKS = 1000;
  private static final int STRANGERS_LARGEST_BLOCK = 128 << 10;

  /** Of answers that wait for the other side to read; who asks on gets none. */
  private static final int MOST_ANSWER_BYTES = 64 << 10;

  private enum State {
    INTRODUCED,
    JOINED,
    CLOSED
  }

  private final Session session;
  private final SocketChannel channel;
  private final InetSocketAddress address;
  private final boolean dialled;
  private final Handshake handshake;
  private final FrameReader reader;
  private final Outbox outbox;
  private final Pipeline pipeline = new Pipeline(this);
  private final BitSet announced = new BitSet();
  private BitSet told;
  private final Runnable flush = this::flushDeferred;
  private SelectionKey key;
  private State state = State.INTRODUCED;
  private ExtensionHandshake extension = ExtensionHandshake.NONE;
  private int id = -1;
  private boolean flushing;
  private boolean waitsForUpload;
  private int blockPiece;
  private int blockLeft;
  private final long begunAt;
  private long heardAt;
  private long saidAt;
  private long usedAt;

  Connection(
      Session session,
      SocketChannel channel,
      InetSocketAddress address,
      boolean dialled,
      Handshake theirs) {
    this.session = session;
    this.channel = channel;
    this.address = address;
    this.dialled = dialled;
    this.handshake = theirs;
    this.reader = new FrameReader((session.content().pieces() + 7) / 8, session.largestBlock());
    this.outbox = new Outbox(session.content());
    begunAt = heardAt = saidAt = usedAt = session.loop().now();
  }

  void open() throws IOException {
    key = session.loop().register(channel, SelectionKey.OP_READ, this);
    told = session.introduction().to(this);
    if (!handshake.extended()) join();
  }

  InetSocketAddress address() {
    return address;
  }

  boolean dialled() {
    return dialled;
  }

  Handshake handshake() {
    return handshake;
  }

  ExtensionHandshake extension() {
    return extension;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public void knownAs(int number) {
    id = number;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  /** Nanoseconds since it went live. */
  long lasted() {
    return session.loop().now() - begunAt;
  }

  long heardAt() {
    return heardAt;
  }

  long saidAt() {
    return saidAt;
  }

  /** Nanoseconds without payload in either direction. */
  long idle() {
    return session.loop().now() - usedAt;
  }

  @Override
  public void ready(SelectionKey ready) throws IOException {
    if (ready.isReadable()) session.loop().hashing().lend(this::read);
    if (state != State.CLOSED && ready.isWritable()) flush();
  }

  /** Queues a message; it is written when the event at hand has been dealt with. */
  @Override
  public void send(Message message) {
    if (state == State.CLOSED) return;
    try {
      outbox.add(message);
      flushSoon();
    } catch (ProtocolException e) {
      session.loop().defer(() -> failed(e));
    }
  }

  void flushSoon() {
    if (flushing) return;
    flushing = true;
    session.loop().defer(flush);
  }

  /** Choked: what it asked for is not served. */
  @Override
  public void refuseAll() {
    outbox.remove(
        block -> {
          reject(block);
          return true;
        });
  }

  @Override
  public void fetch(OpenPiece piece) {
    pipeline.fetch(piece);
    session.loop().defer(this::askAgain);
  }

  @Override
  public boolean owes(int piece) {
    return pipeline.holds(piece) || (blockPiece == piece && blockLeft > 0);
  }

  @Override
  public void cancel(int piece) {
    pipeline.drop(
        piece, block -> send(new Message.Cancel(block.piece(), block.begin(), block.length())));
  }

  @Override
  public void askAgain() {
    if (state == State.JOINED) session.ask(this);
  }

  /** There may be tokens again. */
  void uploadAllowed() {
    waitsForUpload = false;
    flushSoon();
  }

  @Override
  public void failed(IOException cause) {
    if (state == State.CLOSED) return;
    LOG.log(Level.FINE, cause, () -> "The connection with " + address + " ends");
    session.refusals().ended(Refusal.PROTOCOL, cause);
    close();
    if (cause instanceof StorageException storage) session.storageFailed(storage);
  }

  @Override
  public void close() {
    if (state == State.CLOSED) return;
    var wasJoined = state == State.JOINED;
    state = State.CLOSED;
    if (key != null) key.cancel();
    Greeting.close(channel);
    session.closed(this, wasJoined);
  }

  private void read(ByteBuffer buffer) throws IOException {
    var count = channel.read(buffer);
    if (count < 0) throw new IOException(address + " hung up");
    if (count == 0) return;
    heardAt = session.loop().now();
    reader.feed(buffer.flip(), this);
  }

  @Override
  public void message(Message message) throws IOException {
    if (state == State.CLOSED) return;
    switch (message) {
      case Message.Bitfield(var bits) -> announce(reversed(bits));
      case Message.Signal signal when signal == Message.Signal.HAVE_ALL -> announceAll();
      case Message.Signal signal when signal == Message.Signal.HAVE_NONE -> announce(new BitSet());
      case Message.Extended(var extensionId, var payload) -> extended(extensionId, payload);
      case Message.KeepAlive _, Message.Ignored _ -> {}
      case Message.Have(var piece) when state == State.INTRODUCED -> {
        checkPiece(piece);
        announced.set(piece);
      }
      default -> {
        if (state == State.INTRODUCED) join();
        if (state == State.JOINED) act(message);
      }
    }
  }

  private void act(Message message) throws IOException {
    var policy = session.policy();
    var now = session.loop().now();
    switch (message) {
      case Message.Have(var piece) -> {
        checkPiece(piece);
        var one = new BitSet();
        one.set(piece);
        session.have(this, one);
      }
      case Message.Request request -> requested(request);
      case Message.Cancel(var piece, var begin, var length) ->
          cancelled(new Message.Request(piece, begin, length));
      case Message.Reject(var piece, var begin, var length) ->
          rejected(new Message.Request(piece, begin, length));
      case Message.Signal signal -> {
        switch (signal) {
          case CHOKE -> policy.choked(id, now);
          case UNCHOKE -> {
            policy.unchoked(id, now);
            session.ask(this);
          }
          case INTERESTED -> policy.interested(id, now);
          case NOT_INTERESTED -> policy.notInterested(id, now);
          case HAVE_ALL, HAVE_NONE ->
              throw new ProtocolException("what it has comes after other messages");
        }
      }
      default -> throw new IllegalStateException("Not a message to act on: " + message);
    }
  }

  private void requested(Message.Request block) throws ProtocolException {
    var most = extension.own() ? session.largestBlock() : STRANGERS_LARGEST_BLOCK;
    checkRange(block);
    if (block.length() > most) throw new ProtocolException("a request for too much: " + block);
    if (outbox.queuedBlocks() >= MOST_QUEUED_BLOCKS)
      throw new ProtocolException("too many requests at once");
    if (!session.policy().serves(id) || !session.has(block.piece())) {
      if (outbox.messageBytes() > MOST_ANSWER_BYTES)
        throw new ProtocolException("it does not read the answers to its requests");
      reject(block);
      return;
    }
    outbox.add(block);
    session.policy().requested(id, block.piece(), session.loop().now());
    flushSoon();
  }

  private void cancelled(Message.Request block) throws ProtocolException {
    checkRange(block);
    outbox.remove(
        queued -> {
          if (!queued.equals(block)) return false;
          reject(block);
          return true;
        });
    if (!outbox.hasBlocksOf(block.piece()))
      session.policy().withdrawn(id, block.piece(), session.loop().now());
  }

  private void rejected(Message.Request block) throws ProtocolException {
    checkRange(block);
    if (!pipeline.rejected(block)) return;
    session.rejected(this, block);
  }

  /** With BEP 6 every request ends in a piece or a reject. */
  private void reject(Message.Request block) {
    if (handshake.fast()) send(new Message.Reject(block.piece(), block.begin(), block.length()));
  }

  @Override
  public void blockBegins(int piece, int begin, int length) throws IOException {
    blockPiece = piece;
    blockLeft = length;
    if (state == State.INTRODUCED) join();
    if (state == State.CLOSED) return;
    pipeline.begins(piece, begin, length);
    session.download().begins(this, piece, begin, length, session.loop().now());
  }

  @Override
  public void blockBytes(ByteBuffer bytes) throws IOException {
    if (state == State.CLOSED) {
      bytes.position(bytes.limit());
      return;
    }
    usedAt = heardAt;
    blockLeft -= bytes.remaining();
    session.received(this, blockPiece, bytes);
    if (state == State.JOINED && blockLeft == 0) session.ask(this);
  }

  private void extended(int extensionId, byte[] payload) throws IOException {
    if (extensionId == 0) {
      var theirs = ExtensionHandshake.decode(payload);
      if (state == State.INTRODUCED) {
        extension = theirs;
        pipeline.agreed(theirs, session.largestBlock());
        join();
      }
    } else if (extensionId == ExtensionHandshake.UT_METADATA && extension.metadataId() != 0) {
      var busy = outbox.messageBytes() > MOST_ANSWER_BYTES;
      session
          .metadata()
          .answer(payload, busy)
          .ifPresent(answer -> send(new Message.Extended(extension.metadataId(), answer)));
    }
  }

  /**
   * Some send the extension handshake before, some after what they have. BEP 3 wants a bitfield
   * first and once; aria2 sends another in place of many HAVEs, so each one adds to what is known.
   */
  private void announce(BitSet has) {
    has.clear(session.content().pieces(), Integer.MAX_VALUE);
    if (state == State.INTRODUCED) {
      announced.or(has);
    } else {
      session.have(this, has);
    }
  }

  private void announceAll() {
    var all = new BitSet();
    all.set(0, session.content().pieces());
    announce(all);
  }

  private void join() {
    state = State.JOINED;
    if (session.join(this, announced)) {
      session.introduction().catchUp(this, told);
    } else {
      close();
    }
  }

  private void checkRange(Message.Request block) throws ProtocolException {
    if (!session.content().holds(block.piece(), block.begin(), block.length()))
      throw new ProtocolException("a block out of range: " + block);
  }

  private void checkPiece(int piece) throws ProtocolException {
    if (piece < 0 || piece >= session.content().pieces())
      throw new ProtocolException("a piece that does not exist: " + piece);
  }

  private void flushDeferred() {
    flushing = false;
    if (state == State.CLOSED) return;
    try {
      flush();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void flush() throws IOException {
    var allowance = waitsForUpload ? 0 : session.uploadAllowance(QUANTUM);
    var outcome = outbox.write(channel, session.loop().sendBuffer(), allowance);
    saidAt = session.loop().now();
    if (outbox.sent() > 0) {
      usedAt = saidAt;
      session.sent(this, outbox.sent());
    }
    var write =
        outcome == Outbox.Outcome.FULL || (outcome == Outbox.Outcome.SPENT && allowance == QUANTUM);
    key.interestOps(write ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    if (outcome == Outbox.Outcome.SPENT && allowance < QUANTUM && !waitsForUpload) {
      waitsForUpload = true;
      session.waitForUpload(this);
    }
  }

  /** BitSet counts from the lowest bit, BEP 3 from the highest. */
  private static BitSet reversed(byte[] bits) {
    var set = new BitSet(bits.length * 8);
    for (var i = 0; i < bits.length * 8; i++) if ((bits[i / 8] & 0x80 >> i % 8) != 0) set.set(i);
    return set;
  }

  @Override
  public String toString() {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
