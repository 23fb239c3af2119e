package dev.corvid.bittorrent.metainfo;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Makes info dictionaries that any bencode reader accepts, and nobody should believe. */
final class HostileInfo {
  private static final String[] NAMES = {
    "a",
    "b",
    "c",
    "a",
    "..",
    ".",
    "",
    "/",
    "/etc",
    "a/b",
    "..\\",
    "\0",
    "n".repeat(255),
    "n".repeat(256),
    "é".repeat(128),
    " ",
    "a\n"
  };
  private static final String[] ATTRIBUTES = {"", "p", "l", "x", "lx", "px", "pl", "h", "zzzz"};
  private static final long[] LENGTHS = {
    0, 1, 16, 17, 100, -1, -16, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / 2 + 1, 1L << 40
  };
  private static final long[] PIECE_LENGTHS = {16, 1, 64 << 20, (64 << 20) + 1, 0, -16, 1L << 40};

  private final RandomGenerator random;
  private long total;

  private HostileInfo(RandomGenerator random) {
    this.random = random;
  }

  /** The same for the same seed. */
  static byte[] of(byte[] seed) {
    return new HostileInfo(new SplittableRandom(Arrays.hashCode(seed))).make();
  }

  private byte[] make() {
    var out = new BencodeWriter().dictionary();
    if (random.nextInt(4) > 0) {
      out.key("files").list();
      for (var files = random.nextInt(5); files > 0; files--) {
        file(out);
      }
      out.end();
    }
    if (random.nextInt(5) == 0) {
      out.key("length").integer(length());
    }
    out.key("name").text(name());
    var pieceLength = mostly(16, PIECE_LENGTHS);
    out.key("piece length").integer(pieceLength);
    out.key("pieces").bytes(new byte[pieces(pieceLength)]);
    return out.end().toBytes();
  }

  private void file(BencodeWriter out) {
    out.dictionary();
    if (random.nextInt(2) == 0) {
      out.key("attr").text(any(ATTRIBUTES));
    }
    if (random.nextInt(8) > 0) {
      out.key("length").integer(length());
    }
    if (random.nextInt(8) > 0) {
      path(out.key("path"));
    }
    if (random.nextInt(3) == 0) {
      path(out.key("symlink path"));
    }
    out.end();
  }

  private void path(BencodeWriter out) {
    out.list();
    for (var names = random.nextInt(4); names > 0; names--) {
      out.text(name());
    }
    out.end();
  }

  private long length() {
    var length = mostly(20, LENGTHS);
    total += Math.max(0, length);
    return length;
  }

  /** Mostly as many as are needed, or nothing would be read beyond them. */
  private int pieces(long pieceLength) {
    var right = pieceLength > 0 ? Math.clamp(Math.ceilDiv(total, pieceLength), 0, 100) * 20 : 0;
    return random.nextInt(8) == 0 ? random.nextInt(100) : right;
  }

  private long mostly(long usual, long[] others) {
    return random.nextInt(3) > 0 ? usual : others[random.nextInt(others.length)];
  }

  private String name() {
    return random.nextInt(3) > 0 ? NAMES[random.nextInt(3)] : any(NAMES);
  }

  private String any(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
