package dev.corvid.bittorrent.pieces;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the sender of the bad block of a piece that several peers sent. A digest of each received
 * unit is kept until the piece is good; the sender of a unit whose digest differs from the good one
 * is to blame. Kept for a few pieces only.
 */
final class SmartBan {
  static final int MOST_PIECES = 16;

  private record Evidence(PieceSource from, int unit, byte[] digest) {}

  private final PieceStorage storage;
  private final MessageDigest digest = PieceDigest.sha1();
  private final Map<Integer, List<Evidence>> byPiece = new HashMap<>();

  SmartBan(PieceStorage storage) {
    this.storage = storage;
  }

  /** The piece is complete and bad: remembers which source sent which unit. */
  void bad(PartialPiece piece) throws StorageException {
    if (byPiece.size() >= MOST_PIECES && !byPiece.containsKey(piece.index)) {
      return;
    }
    var evidence = byPiece.computeIfAbsent(piece.index, _ -> new ArrayList<>());
    for (var sent : piece.sources().entrySet()) {
      var units = sent.getValue();
      for (var unit = units.nextSetBit(0); unit >= 0; unit = units.nextSetBit(unit + 1)) {
        evidence.add(new Evidence(sent.getKey(), unit, digestOf(piece.index, unit)));
      }
    }
  }

  /** The piece is complete and good: the sources that sent units that are not in it. */
  Set<PieceSource> good(int piece) throws StorageException {
    var evidence = byPiece.remove(piece);
    if (evidence == null) {
      return Set.of();
    }
    var culprits = new HashSet<PieceSource>();
    for (var each : evidence) {
      if (!Arrays.equals(each.digest, digestOf(piece, each.unit))) {
        culprits.add(each.from);
      }
    }
    return culprits;
  }

  private byte[] digestOf(int piece, int unit) throws StorageException {
    var begin = unit * PartialPiece.UNIT;
    var bytes = ByteBuffer.allocate(Math.min(PartialPiece.UNIT, storage.length(piece) - begin));
    storage.read(piece, begin, bytes);
    digest.update(bytes.flip());
    return digest.digest();
  }
}
