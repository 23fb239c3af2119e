package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The pieces of a torrent that are on their way, and what becomes of the blocks that arrive. */
public final class ActivePieces {
  private static final int SPARE_DIGESTS = 8;

  private final HashThread hashThread;
  private final Executor loop;
  private final PieceStorage storage;
  private final PieceListener listener;
  private final SmartBan smartBan;
  private boolean closed;
  private final Map<Integer, PartialPiece> open = new HashMap<>();
  private final ArrayDeque<PieceDigest> spare = new ArrayDeque<>();
  private final BitSet corruptWithFound = new BitSet();

  public ActivePieces(
      HashThread hashThread, Executor loop, PieceStorage storage, PieceListener listener) {
    this.hashThread = hashThread;
    this.loop = loop;
    this.storage = storage;
    this.listener = listener;
    this.smartBan = new SmartBan(storage);
  }

  public PartialPiece open(int piece) {
    return open.computeIfAbsent(
        piece,
        p ->
            new PartialPiece(
                p, storage, digest(), corruptWithFound.get(p) ? new BitSet() : storage.present(p)));
  }

  /** The piece if any of it is on its way or here without the rest; else null. */
  public @Nullable PartialPiece find(int piece) {
    return open.get(piece);
  }

  public long missing(int piece) {
    var found = open.get(piece);
    return found == null ? storage.length(piece) : found.missing();
  }

  public void begins(PieceSource from, int piece, int begin, int length, long now)
      throws ProtocolException {
    if (!storage.holds(piece, begin, length)) {
      throw new ProtocolException("a block outside its piece");
    }
    var found = open.get(piece);
    if (found != null) {
      found.begins(from, begin, length, now);
    }
  }

  /** Bytes of the block that the source is in the middle of. */
  public void bytes(PieceSource from, int piece, ByteBuffer data, long now) throws IOException {
    var count = data.remaining();
    var found = open.get(piece);
    if (found == null || !found.bytes(from, data, now)) {
      data.position(data.limit());
      listener.wasted(count);
    } else if (found.whole()) {
      found.digest(sha1 -> judge(found, sha1));
    }
  }

  public void gone(PieceSource connection) {
    for (var piece : open.values()) {
      piece.forget(connection);
    }
  }

  /**
   * Pieces that lack what no source is expected to send. Where two send the same, one is ignored:
   * if the other ends before its time, all has been answered and the piece is not whole.
   */
  public List<Integer> stalled(IntPredicate owed) {
    var found = new ArrayList<Integer>();
    for (var piece : open.values()) {
      if (piece.whole() || owed.test(piece.index)) {
        continue;
      }
      piece.unaskAll();
      found.add(piece.index);
    }
    return found;
  }

  /** From now on the listener is not called, and the storage is left alone. */
  public void close() {
    closed = true;
  }

  private void judge(PartialPiece piece, byte[] sha1) {
    if (closed) {
      return;
    }
    open.remove(piece.index);
    if (spare.size() < SPARE_DIGESTS) {
      spare.add(piece.reusable());
    }
    try {
      if (storage.matches(piece.index, sha1)) {
        storage.verified(piece.index);
        smartBan.good(piece.index).forEach(listener::sentCorrupt);
        listener.verified(piece.index);
      } else {
        bad(piece);
      }
    } catch (StorageException e) {
      listener.storageFailed(e);
    }
  }

  private void bad(PartialPiece piece) throws StorageException {
    listener.wasted(storage.length(piece.index));
    listener.corrupt(piece);
    if (piece.found()) {
      corruptWithFound.set(piece.index); // nobody who sent a part of it may be to blame
    } else if (piece.sources().size() == 1) {
      piece.sources().keySet().forEach(source -> listener.sentCorrupt(source.sender()));
    } else {
      smartBan.bad(piece);
    }
  }

  private PieceDigest digest() {
    var reused = spare.poll();
    return reused == null ? new PieceDigest(hashThread, loop) : reused;
  }
}
