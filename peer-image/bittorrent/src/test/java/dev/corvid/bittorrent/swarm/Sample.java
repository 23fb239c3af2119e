package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.wire.Message;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** Random content of one file and its metainfo. */
public record Sample(byte[] bytes, Metainfo metainfo) {
  public static Sample of(int length, int pieceLength) throws Exception {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    var builder = new InfoBuilder("sample", pieceLength).onlyFile(length, false);
    var hashes = new byte[builder.pieceCount() * 20];
    for (var piece = 0; piece < builder.pieceCount(); piece++) {
      var from = piece * pieceLength;
      var digest = MessageDigest.getInstance("SHA-1");
      digest.update(bytes, from, Math.min(pieceLength, length - from));
      System.arraycopy(digest.digest(), 0, hashes, piece * 20, 20);
    }
    return new Sample(bytes, builder.build(hashes));
  }

  int pieces() {
    return metainfo.pieceCount();
  }

  BitSet all() {
    return pieces(0, pieces());
  }

  public BitSet none() {
    return new BitSet();
  }

  BitSet pieces(int from, int to) {
    var set = new BitSet();
    set.set(from, to);
    return set;
  }

  byte[] block(Message.Request request) {
    var from = (int) metainfo.pieceOffset(request.piece()) + request.begin();
    return Arrays.copyOfRange(bytes, from, from + request.length());
  }

  /** The content with only the pieces of {@code held}; the rest is zero. */
  byte[] holding(BitSet held) {
    var copy = new byte[bytes.length];
    held.stream()
        .forEach(
            piece -> {
              var from = (int) metainfo.pieceOffset(piece);
              System.arraycopy(bytes, from, copy, from, metainfo.pieceLength(piece));
            });
    return copy;
  }

  boolean matches(byte[] other) {
    return Arrays.equals(bytes, other);
  }
}
