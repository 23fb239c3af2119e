package dev.corvid.swarm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A {@link WebSeed} among the sources: to the policy a stranger who has every piece and is always
 * ready to send. It is asked for one piece at a time.
 *
 * <pre>
 * away   -- start, rest is over           --> joined (known to the policy)
 * joined -- no answer or a wrong one      --> away, resting for 1 s, doubling up to 5 min
 * any    -- a corrupt piece, torrent ends --> closed
 * </pre>
 */
final class WebSource implements Source, WebTransfer.Receiver {
  private static final Logger LOG = Logger.getLogger(WebSource.class.getName());
  private static final long FIRST_REST = 1_000_000_000L;
  private static final long LAST_REST = 300_000_000_000L;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(16 << 10).asReadOnlyBuffer();

  private enum State {
    AWAY,
    JOINED,
    CLOSED
  }

  private final Session session;
  private final WebSeed seed;
  private final ArrayDeque<OpenPiece> pieces = new ArrayDeque<>();
  private final ArrayDeque<WebRange> ranges = new ArrayDeque<>();
  private State state = State.AWAY;
  private int id = -1;
  private Message.Request block;
  private WebTransfer transfer;
  private long rest = FIRST_REST;

  WebSource(Session session, WebSeed seed) {
    this.session = session;
    this.seed = seed;
  }

  /** Takes part from now on, unless there is nothing to fetch any more. */
  void start() {
    if (state != State.AWAY || session.policy().complete()) return;
    state = State.JOINED;
    session.join(this);
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public void knownAs(int number) {
    id = number;
  }

  @Override
  public void fetch(OpenPiece piece) {
    pieces.add(piece);
    session.loop().defer(this::goOn);
  }

  @Override
  public boolean owes(int piece) {
    return (block != null && block.piece() == piece)
        || pieces.stream().anyMatch(open -> open.index == piece);
  }

  @Override
  public void cancel(int piece) {
    pieces.removeIf(open -> open.index == piece);
    if (block == null || block.piece() != piece) return;
    drop();
    session.loop().defer(this::goOn);
  }

  /** There is allowance for more of the answer that is being read. */
  @Override
  public void askAgain() {
    if (transfer == null) return;
    if (session.limits().mayDownload(session.loop().now())) {
      transfer.next();
    } else {
      session.limits().waitForDownload(this);
    }
  }

  @Override
  public void send(Message message) {}

  @Override
  public void refuseAll() {}

  @Override
  public void close() {
    if (state == State.CLOSED) return;
    var joined = state == State.JOINED;
    state = State.CLOSED;
    drop();
    if (joined) session.left(this);
  }

  /** It sent what is not in the torrent; {@link #close} comes next. */
  boolean ban() {
    seed.corrupted();
    return true;
  }

  /** Asks for the next range of what is to be fetched, if nothing is being sent. */
  private void goOn() {
    while (state == State.JOINED && transfer == null && (!ranges.isEmpty() || nextBlock())) {
      var range = ranges.poll();
      if (range.pad()) {
        zeros(range.length());
      } else {
        ask(range);
      }
    }
  }

  private boolean nextBlock() {
    block = null;
    while (!pieces.isEmpty() && block == null) {
      block =
          pieces.peek().next(this, session.content().length(pieces.peek().index) + OpenPiece.UNIT);
      if (block == null) pieces.poll();
    }
    if (block == null) return false;
    ranges.addAll(session.content().webRanges(block));
    try {
      session.asks(this, block);
      return true;
    } catch (ProtocolException e) {
      throw new IllegalStateException("A block of a piece lies within it.", e);
    }
  }

  private void ask(WebRange range) {
    transfer = new WebTransfer(seed, range, session.loop(), this);
    transfer.start();
  }

  @Override
  public void arrived(WebTransfer from, ByteBuffer chunk) {
    if (from == transfer) take(chunk);
    if (from == transfer) askAgain();
  }

  @Override
  public void ended(WebTransfer from, String trouble) {
    if (from != transfer) return;
    transfer = null;
    if (trouble.isEmpty()) {
      rest = FIRST_REST;
      goOn();
    } else {
      leave(trouble);
    }
  }

  private void zeros(int count) {
    for (var left = count; left > 0 && block != null; left -= ZEROS.capacity())
      take(ZEROS.duplicate().limit(Math.min(left, ZEROS.capacity())));
  }

  private void take(ByteBuffer bytes) {
    try {
      session.limits().downloads(bytes.remaining());
      session
          .loop()
          .hashing()
          .lend(buffer -> session.received(this, block.piece(), buffer.put(bytes).flip()));
    } catch (StorageException e) {
      session.storageFailed(e);
    } catch (IOException e) {
      leave(e.getMessage());
    }
  }

  private void drop() {
    if (transfer != null) transfer.abandon();
    transfer = null;
    block = null;
    ranges.clear();
  }

  private void leave(String trouble) {
    if (state != State.JOINED) return;
    LOG.log(
        Level.WARNING,
        "The web seed {0} is left alone for {1} s: {2}",
        new Object[] {seed, rest / FIRST_REST, trouble});
    state = State.AWAY;
    drop();
    pieces.clear();
    session.left(this);
    session.loop().after(rest, this::start);
    rest = Math.min(LAST_REST, 2 * rest);
  }

  @Override
  public String toString() {
    return seed.toString();
  }
}
