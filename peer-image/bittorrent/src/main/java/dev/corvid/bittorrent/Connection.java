package dev.corvid.bittorrent;

import dev.corvid.net.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A live connection of one torrent: reads what comes and passes it on. What goes out is its {@link
 * Sending}'s. Confined to its torrent's loop.
 *
 * <pre>
 * introduced -- extension handshake, or a message that neither greets nor says what it has --> joined (known to the policy)
 * any        -- error, end of stream, close                                               --> closed
 * </pre>
 */
final class Connection implements Source, Loop.Handler, FrameReader.Sink {
  private static final Logger LOG = Logger.getLogger(Connection.class.getName());

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
  private final Sending sending;
  private final Pipeline pipeline = new Pipeline(this);
  private final MessageBudget budget;
  private final BitSet announced = new BitSet();
  private BitSet told;
  private SelectionKey key;
  private State state = State.INTRODUCED;
  private ExtensionHandshake extension = ExtensionHandshake.NONE;
  private int id = -1;
  private int blockPiece;
  private int blockLeft;
  private final long begunAt;
  private long heardAt;
  private long fedAt;
  private long fed;

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
    this.sending = new Sending(this, session, channel);
    begunAt = heardAt = fedAt = session.loop().now();
    budget = new MessageBudget(session.content().pieces(), begunAt);
  }

  void open() throws IOException {
    key = session.loop().register(channel, SelectionKey.OP_READ, this);
    sending.open(key);
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
    return sending.saidAt();
  }

  /** Nanoseconds without payload in either direction. */
  long idle() {
    return session.loop().now() - Math.max(fedAt, sending.usedAt());
  }

  /** Bytes of payload, both ways. */
  long exchanged() {
    return fed + sending.payload();
  }

  @Override
  public void ready(SelectionKey ready) throws IOException {
    if (ready.isReadable()) session.loop().hashing().lend(this::read);
    if (state != State.CLOSED && ready.isWritable()) sending.flush();
  }

  /** Queues a message; it is written when the event at hand has been dealt with. */
  @Override
  public void send(Message message) {
    if (state != State.CLOSED) sending.add(message);
  }

  /** Choked: what it asked for is not served. */
  @Override
  public void refuseAll() {
    sending.refuseAll();
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
    pipeline.drop(piece, this::cancel);
    session.loop().defer(this::askAgain);
  }

  /** With BEP 6 it is answered: by the block, or by a reject, which returns what was charged. */
  private void cancel(Message.Request block) {
    send(new Message.Cancel(block.piece(), block.begin(), block.length()));
    if (!handshake.fast()) session.limits().returned(pipeline.uncharge(block.length()));
  }

  @Override
  public void askAgain() {
    if (state == State.JOINED) session.ask(this);
  }

  /** There may be tokens again. */
  void uploadAllowed() {
    sending.allowed();
  }

  @Override
  public void failed(IOException cause) {
    if (state == State.CLOSED) return;
    LOG.log(Level.FINE, cause, () -> "The connection with " + Addresses.text(address) + " ends");
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
    if (count < 0) throw new IOException(Addresses.text(address) + " hung up");
    if (count == 0) return;
    heardAt = session.loop().now();
    reader.feed(buffer.flip(), this);
    if (state != State.CLOSED && budget.debt(heardAt) > 0) holdBack();
  }

  /** What it sends from now on waits on its side. */
  private void holdBack() {
    session.refusals().count(Refusal.FLOOD);
    sending.mayRead(false);
    session
        .loop()
        .after(
            budget.debt(heardAt),
            () -> {
              if (state != State.CLOSED) sending.mayRead(true);
            });
  }

  /** So much payload was written. */
  void sent(int bytes) {
    budget.earn(bytes);
    session.sent(this, bytes);
  }

  @Override
  public void message(Message message) throws IOException {
    if (state == State.CLOSED) return;
    budget.charge(MessageBudget.cost(message), heardAt);
    switch (message) {
      case Message.Bitfield bitfield -> announce(bitfield.pieces());
      case Message.Signal signal when signal == Message.Signal.HAVE_ALL -> announceAll();
      case Message.Signal signal when signal == Message.Signal.HAVE_NONE -> announce(new BitSet());
      case Message.Extended(var extensionId, var payload) -> extended(extensionId, payload);
      case Message.KeepAlive _, Message.Ignored _ -> {}
      case Message.Have(var piece) when state == State.INTRODUCED -> {
        session.content().check(piece);
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
        session.content().check(piece);
        session.have(this, piece);
      }
      case Message.Request request -> sending.requested(request);
      case Message.Cancel(var piece, var begin, var length) ->
          sending.cancelled(new Message.Request(piece, begin, length));
      case Message.Reject(var piece, var begin, var length) ->
          rejected(new Message.Request(piece, begin, length));
      case Message.Signal signal -> {
        switch (signal) {
          case CHOKE -> session.choked(this);
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

  private void rejected(Message.Request block) throws ProtocolException {
    session.content().check(block);
    var charged = pipeline.charged();
    var expected = pipeline.rejected(block);
    session.limits().returned(charged - pipeline.charged()); // even if it was cancelled before
    if (expected) session.rejected(this, block);
  }

  @Override
  public void blockBegins(int piece, int begin, int length) throws IOException {
    budget.charge(1, heardAt);
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
    fedAt = heardAt;
    fed += bytes.remaining();
    budget.earn(bytes.remaining());
    blockLeft -= bytes.remaining();
    session.received(this, blockPiece, bytes);
    if (state == State.JOINED && blockLeft == 0) session.ask(this);
  }

  private void extended(int extensionId, byte[] payload) throws IOException {
    if (extensionId == 0) {
      if (state != State.INTRODUCED) return; // the first one counts
      extension = ExtensionHandshake.decode(payload);
      pipeline.agreed(extension, session.largestBlock());
      join();
    } else if (extensionId == ExtensionHandshake.UT_METADATA && extension.metadataId() != 0) {
      session
          .metadata()
          .answer(payload, sending.isBusy())
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

  @Override
  public String toString() {
    return Addresses.text(address);
  }
}
