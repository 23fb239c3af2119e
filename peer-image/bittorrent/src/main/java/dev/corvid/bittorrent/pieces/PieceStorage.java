package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/**
 * A torrent's bytes addressed by piece. Failures of the storage become {@link StorageException}s.
 */
public final class PieceStorage {
  private final Metainfo metainfo;
  private final Storage storage;

  public PieceStorage(Metainfo metainfo, Storage storage) {
    this.metainfo = metainfo;
    this.storage = storage;
  }

  public InfoHash infoHash() {
    return metainfo.infoHash();
  }

  /** The info dictionary as it is on the wire. */
  public ByteBuffer infoBytes() {
    return metainfo.infoBytes();
  }

  public int pieceLength() {
    return metainfo.pieceLength();
  }

  /** The pieces that are here at the beginning. */
  public BitSet verified() {
    return storage.verified();
  }

  public int pieces() {
    return metainfo.pieceCount();
  }

  public int length(int piece) {
    return metainfo.pieceLength(piece);
  }

  boolean matches(int piece, byte[] digest) {
    return metainfo.pieceMatches(piece, digest);
  }

  /** Whether the range lies within the piece; all three numbers may come from outside. */
  public boolean holds(int piece, int begin, int length) {
    return piece >= 0
        && piece < pieces()
        && begin >= 0
        && length > 0
        && length <= length(piece) - begin;
  }

  /** Refuses a block that comes from outside and is not within a piece. */
  public void check(Message.Request block) throws ProtocolException {
    if (!holds(block.piece(), block.begin(), block.length())) {
      throw new ProtocolException("a block out of range: " + block);
    }
  }

  /** Refuses a piece that comes from outside and does not exist. */
  public void check(int piece) throws ProtocolException {
    if (piece < 0 || piece >= pieces()) {
      throw new ProtocolException("a piece that does not exist: " + piece);
    }
  }

  /** Units of the piece that need not be fetched. */
  BitSet present(int piece) {
    return storage.present(piece);
  }

  void write(int piece, int begin, ByteBuffer data) throws StorageException {
    try {
      storage.write(metainfo.pieceOffset(piece) + begin, data);
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  public void read(int piece, int begin, ByteBuffer target) throws StorageException {
    try {
      storage.read(metainfo.pieceOffset(piece) + begin, target);
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  /** Where the block begins in the torrent. */
  public long offset(Message.Request block) {
    return metainfo.pieceOffset(block.piece()) + block.begin();
  }

  void verified(int piece) throws StorageException {
    try {
      storage.pieceVerified(piece);
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  public long transferTo(int piece, int begin, int count, WritableByteChannel target)
      throws IOException {
    try {
      return storage.transferTo(metainfo.pieceOffset(piece) + begin, count, target);
    } catch (IOException e) {
      // The socket or the disk? If the byte can be read it was the socket.
      read(piece, begin, ByteBuffer.allocate(1));
      throw e;
    }
  }
}
