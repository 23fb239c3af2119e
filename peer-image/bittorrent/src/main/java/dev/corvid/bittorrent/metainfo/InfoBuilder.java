package dev.corvid.bittorrent.metainfo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes info dictionaries: a pure function of name, piece length, private flag, files in their
 * order and piece hashes, to the byte.
 *
 * <p>A file of at least one piece starts on a piece boundary, behind a pad if need be (BEP 47), so
 * that it has the same pieces wherever it stands; smaller files are packed. No pad at the end.
 *
 * <p>Not thread-safe.
 */
public final class InfoBuilder {
  /** {@code d6:lengthi0e4:pathl1:ee} but for the path. */
  private static final int ENTRY_BYTES = 23;

  private final String name;
  private final int pieceLength;
  private boolean isPrivate;
  private final List<Entry> entries = new ArrayList<>();
  private boolean single;
  private long totalLength;
  private long nameBytes;

  private record Entry(String attributes, long length, String path, @Nullable String target) {}

  public InfoBuilder(String name, int pieceLength) {
    this.name = name;
    this.pieceLength = pieceLength;
  }

  /** Peers come only from the torrent's trackers (BEP 27). */
  public InfoBuilder makePrivate() {
    isPrivate = true;
    return this;
  }

  /** The content is one file, called by the torrent's name; nothing else may be added. */
  public InfoBuilder onlyFile(long length, boolean executable) {
    if (!entries.isEmpty()) {
      throw new IllegalStateException("there are files already");
    }
    single = true;
    return add(executable ? "x" : "", length, name, null);
  }

  /**
   * @param path from the torrent's root, joined by '/'
   */
  public InfoBuilder file(String path, long length, boolean executable) {
    var intoPiece = totalLength % pieceLength;
    if (length >= pieceLength && intoPiece != 0) {
      var padding = pieceLength - intoPiece;
      add("p", padding, ".pad/" + padding, null);
    }
    return add(executable ? "x" : "", length, path, null);
  }

  /**
   * @param text where the link points, from its own directory
   * @throws MetainfoException if that may be outside the torrent, or breaks another rule for links
   */
  public InfoBuilder link(String path, String text) throws MetainfoException {
    try {
      return add("l", 0, path, LinkText.target(path, text));
    } catch (MetainfoException e) {
      throw new MetainfoException(path + " " + e.getMessage());
    }
  }

  /** The length of the content, pads included. */
  public long totalLength() {
    return totalLength;
  }

  /** What the names of all files take at least, in the info dictionary. */
  public long nameBytes() {
    return nameBytes;
  }

  public int pieceCount() {
    return Math.toIntExact(Math.ceilDiv(totalLength, pieceLength));
  }

  /**
   * @param pieceHashes the concatenated SHA-1 hashes of all pieces
   * @throws MetainfoException if the result would not be accepted by {@link Metainfo#ofInfo}
   */
  public Metainfo build(byte[] pieceHashes) throws MetainfoException {
    return Metainfo.ofInfo(encode(pieceHashes));
  }

  /**
   * The same torrent with all hashes zero: files and offsets, for those who read the content in
   * order to hash it.
   */
  public Metainfo layout() throws MetainfoException {
    return build(new byte[pieceCount() * Sha1.LENGTH]);
  }

  private InfoBuilder add(String attributes, long length, String path, @Nullable String target) {
    if (single && !entries.isEmpty()) {
      throw new IllegalStateException("the torrent has its only file already");
    }
    totalLength = Math.addExact(totalLength, length);
    nameBytes += path.length() + ENTRY_BYTES;
    entries.add(new Entry(attributes, length, path, target));
    return this;
  }

  private ByteBuffer encode(byte[] pieceHashes) {
    var out = new BencodeWriter().dictionary();
    if (single) {
      encodeOnlyFile(out, entries.getFirst());
    } else {
      out.key("files").list();
      entries.forEach(entry -> encode(out, entry));
      out.end();
    }
    out.key("name").text(name);
    out.key("piece length").integer(pieceLength);
    out.key("pieces").bytes(pieceHashes);
    if (isPrivate) {
      out.key("private").integer(1);
    }
    return ByteBuffer.wrap(out.end().toBytes());
  }

  private static void encodeOnlyFile(BencodeWriter out, Entry file) {
    if (!file.attributes.isEmpty()) {
      out.key("attr").text(file.attributes);
    }
    out.key("length").integer(file.length);
  }

  private static void encode(BencodeWriter out, Entry file) {
    out.dictionary();
    encodeOnlyFile(out, file);
    encodePath(out.key("path"), file.path);
    if (file.target != null) {
      encodePath(out.key("symlink path"), file.target);
    }
    out.end();
  }

  private static void encodePath(BencodeWriter out, String path) {
    out.list();
    if (!path.isEmpty()) {
      for (var component : path.split("/", -1)) {
        out.text(component);
      }
    }
    out.end();
  }
}
