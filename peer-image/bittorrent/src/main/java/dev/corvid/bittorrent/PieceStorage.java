package dev.corvid.bittorrent;

import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/**
 * A torrent's bytes addressed by piece. Failures of the storage become {@link StorageException}s.
 */
final class PieceStorage {
  private final Metainfo metainfo;
  private final Storage storage;

  PieceStorage(Metainfo metainfo, Storage storage) {
    this.metainfo = metainfo;
    this.storage = storage;
  }

  InfoHash infoHash() {
    return metainfo.infoHash();
  }

  /** The info dictionary as it is on the wire. */
  ByteBuffer infoBytes() {
    return metainfo.infoBytes();
  }

  int pieceLength() {
    return metainfo.pieceLength();
  }

  /** The pieces that are here at the beginning. */
  BitSet verified() {
    return storage.verified();
  }

  int pieces() {
    return metainfo.pieceCount();
  }

  int length(int piece) {
    return metainfo.pieceLength(piece);
  }

  boolean matches(int piece, byte[] digest) {
    return metainfo.pieceMatches(piece, digest);
  }

  /** Whether the range lies within the piece; all three numbers may come from outside. */
  boolean holds(int piece, int begin, int length) {
    return piece >= 0
        && piece < pieces()
        && begin >= 0
        && length > 0
        && length <= length(piece) - begin;
  }

  /** Refuses a block that comes from outside and is not within a piece. */
  void check(Message.Request block) throws ProtocolException {
    if (!holds(block.piece(), block.begin(), block.length())) {
      throw new ProtocolException("a block out of range: " + block);
    }
  }

  /** Refuses a piece that comes from outside and does not exist. */
  void check(int piece) throws ProtocolException {
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

  void read(int piece, int begin, ByteBuffer target) throws StorageException {
    try {
      storage.read(metainfo.pieceOffset(piece) + begin, target);
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  Metainfo metainfo() {
    return metainfo;
  }

  /** Where the block begins in the torrent. */
  long offset(Message.Request block) {
    return metainfo.pieceOffset(block.piece()) + block.begin();
  }

  void verified(int piece) throws StorageException {
    try {
      storage.pieceVerified(piece);
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  long transferTo(int piece, int begin, int count, WritableByteChannel target) throws IOException {
    try {
      return storage.transferTo(metainfo.pieceOffset(piece) + begin, count, target);
    } catch (IOException e) {
      // The socket or the disk? If the byte can be read it was the socket.
      read(piece, begin, ByteBuffer.allocate(1));
      throw e;
    }
  }
}
