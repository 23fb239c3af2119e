package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A torrent's info dictionary: its files, its pieces and their SHA-1 hashes (BEP 3, BEP 27, BEP
 * 47).
 *
 * <p>Files are numbered from 0 in the torrent's order, pads and links included. Offsets are those
 * of the torrent, pads included. Paths are checked: relative, no {@code ..}, each one once, none
 * below a file or link. The dictionary stays the only copy of names and hashes, so it may be a
 * mapped file; it must not change afterwards. Immutable and thread-safe.
 */
public final class Metainfo {
  /** The longest info dictionary that is accepted. */
  public static final int MAX_INFO_BYTES = 64 << 20;

  private final ByteBuffer info;
  private final InfoHash infoHash;
  private final InfoReader fields;

  private Metainfo(ByteBuffer info, InfoReader fields) {
    this.info = info;
    this.infoHash = InfoHash.ofInfo(info);
    this.fields = fields;
  }

  /**
   * Reads a bencoded info dictionary.
   *
   * @throws MetainfoException if it is malformed, exceeds a bound or contradicts itself
   */
  public static Metainfo ofInfo(ByteBuffer info) throws MetainfoException {
    if (info.remaining() > MAX_INFO_BYTES) {
      throw new MetainfoException("an info dictionary of more than " + MAX_INFO_BYTES + " bytes");
    }
    var own = info.slice().asReadOnlyBuffer();
    try {
      return new Metainfo(own, InfoReader.read(own));
    } catch (MetainfoException e) {
      throw e;
    } catch (IOException e) {
      throw new MetainfoException("not an info dictionary: " + e.getMessage(), e);
    }
  }

  public static Metainfo ofInfo(byte[] info) throws MetainfoException {
    return ofInfo(ByteBuffer.wrap(info));
  }

  /** Reads a .torrent file and drops all but its info dictionary: see {@link TorrentFile}. */
  public static Metainfo parse(byte[] torrent) throws MetainfoException {
    return TorrentFile.parse(torrent).metainfo();
  }

  public InfoHash infoHash() {
    return infoHash;
  }

  /** The bencoded dictionary, read-only, from position 0; each call gives a view of its own. */
  public ByteBuffer infoBytes() {
    return info.duplicate();
  }

  /** The suggested name of the file or directory, one path component. */
  public String name() {
    return fields.name();
  }

  /** Whether peers may come only from the torrent's own trackers (BEP 27). */
  public boolean isPrivate() {
    return fields.isPrivate();
  }

  /** Whether the content is one file called {@link #name}, not a directory of that name. */
  public boolean isSingleFile() {
    return fields.isSingleFile();
  }

  public int fileCount() {
    return fields.files().count();
  }

  /**
   * From the torrent's root, joined by '/'. Only for pads, whose names mean nothing, it is
   * unchecked and may be empty.
   */
  public String path(int file) {
    return fields.files().path(file);
  }

  public long length(int file) {
    return fields.files().length(file);
  }

  public long offset(int file) {
    return fields.files().offset(file);
  }

  public FileKind kind(int file) {
    return fields.files().kind(file);
  }

  public boolean executable(int file) {
    return fields.files().entry(file).executable();
  }

  /**
   * Where a link points, from the torrent's root, joined by '/'; empty for the root itself.
   *
   * @throws IllegalArgumentException unless the file is a link
   */
  public String linkTarget(int file) {
    var target = fields.files().entry(file).linkTarget();
    if (target == null) {
      throw new IllegalArgumentException(path(file) + " is not a link");
    }
    return target;
  }

  /** Where a link points, as the text to put into it on disk. */
  public String linkText(int file) {
    return LinkText.fromRoot(path(file), linkTarget(file));
  }

  /** The file that holds the byte at an offset below {@link #totalLength}. */
  public int fileAt(long offset) {
    return fields.files().indexAt(offset);
  }

  public long totalLength() {
    return fields.files().totalLength();
  }

  public int pieceLength() {
    return fields.pieceLength();
  }

  public int pieceCount() {
    return fields.pieces().remaining() / Sha1.LENGTH;
  }

  public long pieceOffset(int piece) {
    return (long) piece * pieceLength();
  }

  /** The piece's own length: the last one may be shorter. */
  public int pieceLength(int piece) {
    return (int) Math.min(pieceLength(), totalLength() - pieceOffset(piece));
  }

  public byte[] pieceHash(int piece) {
    var hash = new byte[Sha1.LENGTH];
    fields.pieces().get(piece * Sha1.LENGTH, hash);
    return hash;
  }

  /** Compares a digest of {@value Sha1#LENGTH} bytes with the piece's, without a copy. */
  public boolean pieceMatches(int piece, byte[] digest) {
    return fields.pieces().slice(piece * Sha1.LENGTH, Sha1.LENGTH).equals(ByteBuffer.wrap(digest));
  }

  @Override
  public String toString() {
    return name() + " (" + infoHash + ")";
  }
}
