package dev.corvid.swarm;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** The pieces of a torrent that are on their way, and what becomes of the blocks that arrive. */
final class Download {
  /** Told how a piece ended. */
  interface Verdict {
    void good(int piece) throws StorageException;

    void bad(OpenPiece piece);

    /** It sent bytes that are not in the piece. */
    void corrupted(Source source);
  }

  private static final int SPARE_DIGESTS = 8;

  private final Content content;
  private final Counters counters;
  private final Verdict verdict;
  private final Suspects suspects;
  private final Map<Integer, OpenPiece> open = new HashMap<>();
  private final ArrayDeque<MessageDigest> spare = new ArrayDeque<>();

  Download(Content content, Counters counters, Verdict verdict) {
    this.content = content;
    this.counters = counters;
    this.verdict = verdict;
    this.suspects = new Suspects(content);
  }

  OpenPiece open(int piece) {
    return open.computeIfAbsent(piece, p -> new OpenPiece(p, content, digest()));
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

  /** Bytes of the block that the connection is in the middle of. */
  void bytes(Source from, int piece, ByteBuffer data, ByteBuffer scratch, long now)
      throws StorageException {
    var count = data.remaining();
    var found = open.get(piece);
    if (found == null || !found.bytes(from, data, now)) {
      data.position(data.limit());
      counters.wasted.add(count);
    } else if (found.whole()) {
      finish(found, scratch);
    }
  }

  void gone(Source connection) {
    for (var piece : open.values()) piece.forget(connection);
  }

  private void finish(OpenPiece piece, ByteBuffer scratch) throws StorageException {
    var good = content.matches(piece.index, piece.digest(scratch));
    open.remove(piece.index);
    if (good) {
      content.verified(piece.index);
      suspects.good(piece.index, piece.reusable(), scratch).forEach(verdict::corrupted);
      verdict.good(piece.index);
    } else {
      counters.wasted.add(content.length(piece.index));
      counters.corrupt.increment();
      verdict.bad(piece);
      if (piece.sources().size() == 1) {
        piece.sources().keySet().forEach(verdict::corrupted);
      } else {
        suspects.bad(piece, piece.reusable(), scratch);
      }
    }
    if (spare.size() < SPARE_DIGESTS) spare.add(piece.reusable());
  }

  private MessageDigest digest() {
    var reused = spare.poll();
    if (reused != null) return reused;
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-1.", e);
    }
  }
}
