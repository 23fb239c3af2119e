package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.metainfo.Sha1;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sender of the bad block of a piece that several peers sent. A digest of each unit that
 * came is kept until the piece is good; the sender of a unit whose digest differs from the good one
 * is to blame.
 *
 * <p>Kept for a few pieces, and of each for the first and the latest bad round only, however often
 * senders that work together repeat it: 20 KiB for a round of the longest piece. Units are read
 * back and hashed on the loop. That takes some milliseconds for the longest piece, once for each
 * piece that came whole and was bad, so it is never more than the loop has just received.
 */
final class SmartBan {
  static final int MOST_PIECES = 16;

  private static final int DIGEST = 20;

  private static final class Evidence {
    final Round first;
    @Nullable Round latest;

    Evidence(Round first) {
      this.first = first;
    }
  }

  private final PieceStorage storage;
  private final MessageDigest digest = Sha1.digest();
  private final Map<Integer, Evidence> byPiece = new HashMap<>();

  SmartBan(PieceStorage storage) {
    this.storage = storage;
  }

  /** The piece is complete and bad: remembers who sent which unit. */
  void bad(PartialPiece piece) throws StorageException {
    var evidence = byPiece.get(piece.index);
    if (evidence != null) {
      evidence.latest = round(piece);
    } else if (byPiece.size() < MOST_PIECES) {
      byPiece.put(piece.index, new Evidence(round(piece)));
    }
  }

  /** The piece is complete and good: who sent units that are not in it. */
  Set<Sender> good(int piece) throws StorageException {
    var evidence = byPiece.remove(piece);
    if (evidence == null) {
      return Set.of();
    }
    var good = digests(piece);
    var culprits = new HashSet<Sender>();
    evidence.first.addCulprits(good, culprits);
    if (evidence.latest != null) {
      evidence.latest.addCulprits(good, culprits);
    }
    return culprits;
  }

  /** How many rounds are remembered. */
  int kept() {
    return byPiece.values().stream().mapToInt(each -> each.latest == null ? 1 : 2).sum();
  }

  private Round round(PartialPiece piece) throws StorageException {
    var units = new HashMap<Sender, BitSet>();
    piece
        .sources()
        .forEach(
            (source, sent) -> units.computeIfAbsent(source.sender(), _ -> new BitSet()).or(sent));
    return new Round(units, digests(piece.index));
  }

  private byte[] digests(int piece) throws StorageException {
    var length = storage.length(piece);
    var digests = new byte[Math.ceilDiv(length, PartialPiece.UNIT) * DIGEST];
    var bytes = ByteBuffer.allocate(PartialPiece.UNIT);
    for (var begin = 0; begin < length; begin += PartialPiece.UNIT) {
      bytes.clear().limit(Math.min(PartialPiece.UNIT, length - begin));
      storage.read(piece, begin, bytes);
      digest.update(bytes.flip());
      System.arraycopy(digest.digest(), 0, digests, begin / PartialPiece.UNIT * DIGEST, DIGEST);
    }
    return digests;
  }

  /**
   * A piece as it came once.
   *
   * @param digests of all its units, one behind the other
   */
  private record Round(Map<Sender, BitSet> units, byte[] digests) {
    void addCulprits(byte[] good, Set<Sender> culprits) {
      units.forEach(
          (sender, sent) -> {
            if (sent.stream().anyMatch(unit -> differs(good, unit * DIGEST))) {
              culprits.add(sender);
            }
          });
    }

    private boolean differs(byte[] good, int at) {
      return !Arrays.equals(good, at, at + DIGEST, digests, at, at + DIGEST);
    }
  }
}
