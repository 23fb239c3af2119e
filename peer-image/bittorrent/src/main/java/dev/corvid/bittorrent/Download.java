package dev.corvid.bittorrent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The pieces of a torrent that are on their way, and what becomes of the blocks that arrive. */
final class Download {
  /** Told how a piece ended. */
  interface Verdict {
    void good(int piece) throws StorageException;

    void bad(OpenPiece piece);

    /** It sent bytes that are not in the piece. */
    void corrupted(Source source);

    void storageFailed(StorageException cause);
  }

  private static final int SPARE_DIGESTS = 8;

  private final Loop loop;
  private final Content content;
  private final Counters counters;
  private final Verdict verdict;
  private final Suspects suspects;
  private boolean closed;
  private final Map<Integer, OpenPiece> open = new HashMap<>();
  private final ArrayDeque<PieceDigest> spare = new ArrayDeque<>();
  private final BitSet misled = new BitSet();

  Download(Loop loop, Content content, Counters counters, Verdict verdict) {
    this.loop = loop;
    this.content = content;
    this.counters = counters;
    this.verdict = verdict;
    this.suspects = new Suspects(content);
  }

  OpenPiece open(int piece) {
    return open.computeIfAbsent(
        piece,
        p ->
            new OpenPiece(p, content, digest(), misled.get(p) ? new BitSet() : content.present(p)));
  }

  /** The piece if any of it is on its way or here without the rest; else null. */
  OpenPiece find(int piece) {
    return open.get(piece);
  }

  long missing(int piece) {
    var found = open.get(piece);
    return found == null ? content.length(piece) : found.missing();
  }

  void begins(Source from, int piece, int begin, int length, long now) throws ProtocolException {
    if (!content.holds(piece, begin, length))
      throw new ProtocolException("a block outside its piece");
    var found = open.get(piece);
    if (found != null) found.begins(from, begin, length, now);
  }

  /** Bytes of the block that the source is in the middle of. */
  void bytes(Source from, int piece, ByteBuffer data, long now) throws IOException {
    var count = data.remaining();
    var found = open.get(piece);
    if (found == null || !found.bytes(from, data, now)) {
      data.position(data.limit());
      counters.wasted.add(count);
    } else if (found.whole()) {
      found.digest(sha1 -> judge(found, sha1));
    }
  }

  void gone(Source connection) {
    for (var piece : open.values()) piece.forget(connection);
  }

  /**
   * Pieces that lack what nobody owes any more. Where two send the same, one is not listened to: if
   * the other ends before its time, all has been answered and the piece is not whole.
   */
  List<Integer> forsaken(IntPredicate owed) {
    var found = new ArrayList<Integer>();
    for (var piece : open.values()) {
      if (piece.whole() || owed.test(piece.index)) continue;
      piece.unaskAll();
      found.add(piece.index);
    }
    return found;
  }

  /** From now on no verdict is told, and the storage is left alone. */
  void close() {
    closed = true;
  }

  private void judge(OpenPiece piece, byte[] sha1) {
    if (closed) return;
    open.remove(piece.index);
    if (spare.size() < SPARE_DIGESTS) spare.add(piece.reusable());
    try {
      if (content.matches(piece.index, sha1)) {
        content.verified(piece.index);
        suspects.good(piece.index).forEach(verdict::corrupted);
        verdict.good(piece.index);
      } else {
        bad(piece);
      }
    } catch (StorageException e) {
      verdict.storageFailed(e);
    }
  }

  private void bad(OpenPiece piece) throws StorageException {
    counters.wasted.add(content.length(piece.index));
    counters.corrupt.increment();
    verdict.bad(piece);
    if (piece.found()) {
      misled.set(piece.index); // nobody who sent a part of it may be to blame
    } else if (piece.sources().size() == 1) {
      piece.sources().keySet().forEach(verdict::corrupted);
    } else {
      suspects.bad(piece);
    }
  }

  private PieceDigest digest() {
    var reused = spare.poll();
    return reused == null ? new PieceDigest(loop.hashing(), loop) : reused;
  }
}
