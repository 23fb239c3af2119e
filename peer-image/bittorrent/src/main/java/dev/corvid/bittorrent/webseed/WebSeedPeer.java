package dev.corvid.bittorrent.webseed;

import dev.corvid.bittorrent.Backoff;
import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.WebSeed;
import dev.corvid.bittorrent.net.TorrentContext;
import dev.corvid.bittorrent.pieces.PartialPiece;
import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.pieces.Sender;
import dev.corvid.bittorrent.pieces.StorageException;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WebSeed} as a source: to the policy a foreign peer that has every piece and is always
 * ready to send. It is asked for a few pieces at once, so that its link does not idle for a round
 * trip between two of them.
 *
 * <pre>
 * away   -- start, rest is over           --> joined (known to the policy)
 * joined -- no answer or a wrong one      --> away, resting for 1 s, doubling up to 5 min
 * any    -- a corrupt piece, torrent ends --> closed
 * </pre>
 */
public final class WebSeedPeer implements PieceSource, WebTransfer.Receiver {
  private static final Logger LOG = Logger.getLogger(WebSeedPeer.class.getName());
  private static final Backoff RESTS =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofMinutes(5));
  private static final int MIN_PARALLEL = 2;
  private static final int MAX_PARALLEL = 8;

  /** Asked for at once, or a fast server would idle between two small pieces. */
  private static final int BYTES_IN_FLIGHT = 3 << 19;

  private enum State {
    AWAY,
    JOINED,
    CLOSED
  }

  private final WebSeedListener listener;
  private final TorrentContext torrent;
  private final WebSeed seed;
  private final int parallel;
  private final ArrayDeque<PartialPiece> pieces = new ArrayDeque<>();
  private final List<WebTransfer> transfers = new ArrayList<>();
  private State state = State.AWAY;
  private int id = -1;
  private int failures;

  public WebSeedPeer(WebSeedListener listener, TorrentContext torrent, WebSeed seed) {
    this.listener = listener;
    this.torrent = torrent;
    this.seed = seed;
    this.parallel =
        Math.clamp(
            Math.ceilDiv(BYTES_IN_FLIGHT, torrent.storage().pieceLength()),
            MIN_PARALLEL,
            MAX_PARALLEL);
  }

  /** Takes part from now on, unless there is nothing to fetch any more. */
  public void start() {
    if (state != State.AWAY || listener.complete()) {
      return;
    }
    state = State.JOINED;
    listener.joined(this);
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
    return new Sender.Server(seed);
  }

  @Override
  public void fetch(PartialPiece piece) {
    pieces.add(piece);
    torrent.loop().defer(this::requestNext);
  }

  @Override
  public boolean expects(int piece) {
    return sends(piece) || pieces.stream().anyMatch(open -> open.index == piece);
  }

  @Override
  public void cancel(int piece) {
    pieces.removeIf(open -> open.index == piece);
    for (var transfer : List.copyOf(transfers)) {
      if (transfer.piece() == piece) {
        drop(transfer);
      }
    }
    // Unlike a peer it sends nothing more of what it was in the middle of.
    listener.dropped(this, piece);
    torrent.loop().defer(this::requestNext);
  }

  /** There is allowance for more of the answers that are being read. */
  @Override
  public void askAgain() {
    for (var transfer : transfers) {
      if (!transfer.waits()) {
        continue;
      }
      if (!torrent.rateLimiter().mayDownload(torrent.loop().now())) {
        torrent.rateLimiter().waitForDownload(this);
        return;
      }
      transfer.next();
    }
  }

  @Override
  public void send(Message message) {}

  @Override
  public void refuseAll() {}

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    var joined = state == State.JOINED;
    state = State.CLOSED;
    dropAll();
    if (joined) {
      listener.left(this);
    }
  }

  /**
   * It sent what is not in the torrent; {@link #close} comes next.
   *
   * @return false if that was known
   */
  public boolean ban() {
    if (state == State.CLOSED) {
      return false;
    }
    seed.corrupted();
    return true;
  }

  @Override
  public void arrived(WebTransfer from, ByteBuffer chunk) {
    if (!transfers.contains(from)) {
      return;
    }
    try {
      torrent.rateLimiter().downloads(chunk.remaining());
      torrent
          .loop()
          .hashThread()
          .lend(buffer -> listener.received(this, from.piece(), buffer.put(chunk).flip()));
      askAgain();
    } catch (StorageException e) {
      listener.storageFailed(e);
    } catch (IOException e) {
      leave(ErrorMessage.of(e));
    }
  }

  @Override
  public void ended(WebTransfer from, String trouble) {
    if (!transfers.remove(from)) {
      return;
    }
    if (trouble.isEmpty()) {
      failures = 0;
      requestNext();
    } else {
      leave(trouble);
    }
  }

  /** Asks for what is to be fetched, and for more to fetch while there is room. */
  private void requestNext() {
    while (state == State.JOINED && transfers.size() < parallel) {
      var block = nextBlock();
      if (block == null) {
        listener.wantsMore(this);
        return; // what it gives is fetched when this event has been dealt with
      }
      ask(block);
    }
  }

  /** Of one piece, blocks come one after the other. */
  private Message.@Nullable Request nextBlock() {
    for (var each = pieces.iterator(); each.hasNext(); ) {
      var piece = each.next();
      if (sends(piece.index)) {
        continue;
      }
      var block = piece.next(this, torrent.storage().length(piece.index) + PartialPiece.UNIT);
      if (block != null) {
        return block;
      }
      each.remove();
    }
    return null;
  }

  private boolean sends(int piece) {
    return transfers.stream().anyMatch(transfer -> transfer.piece() == piece);
  }

  private void ask(Message.Request block) {
    try {
      listener.requested(this, block);
    } catch (ProtocolException e) {
      throw new IllegalStateException("A block of a piece lies within it.", e);
    }
    var storage = torrent.storage();
    var ranges = WebRange.of(storage.metainfo(), storage.offset(block), block.length());
    var transfer = new WebTransfer(seed, block, ranges, torrent.loop(), this);
    transfers.add(transfer);
    transfer.start();
    seed.patience().ifPresent(patience -> watch(transfer, patience.toNanos(), patience.toNanos()));
  }

  /** Time in which the transfer waits for this side does not count. */
  private void watch(WebTransfer transfer, long patience, long delay) {
    torrent
        .loop()
        .after(
            delay,
            () -> {
              if (!transfers.contains(transfer)) {
                return;
              }
              var silent = transfer.waits() ? 0 : torrent.loop().now() - transfer.heardAt();
              if (silent < patience) {
                watch(transfer, patience, patience - silent);
                return;
              }
              transfer.giveUp();
              leave("no byte came for %.0f s".formatted(patience / 1e9));
            });
  }

  private void drop(WebTransfer transfer) {
    transfers.remove(transfer);
    transfer.abandon();
  }

  private void dropAll() {
    for (var transfer : List.copyOf(transfers)) {
      drop(transfer);
    }
    pieces.clear();
  }

  private void leave(String trouble) {
    if (state != State.JOINED) {
      return;
    }
    failures++;
    var rest = RESTS.withoutJitter(failures);
    LOG.log(
        Level.WARNING,
        "The web seed {0} is left alone for {1} s: {2}",
        new Object[] {seed, rest.toSeconds(), trouble});
    state = State.AWAY;
    dropAll();
    listener.left(this);
    torrent.loop().after(rest.toNanos(), this::start);
  }

  @Override
  public String toString() {
    return seed.toString();
  }
}
