package dev.corvid.store.piece;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.Sha1;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/**
 * The bytes of a torrent in its files: offsets in, positions out. Padding is not stored (BEP 47):
 * it is dropped when written and zero when read. Thread-safe.
 */
public final class TorrentFiles implements Closeable {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private final Metainfo metainfo;
  private final OpenFileCache.Source source;
  private final OpenFileCache open;
  private final BitSet pads = new BitSet();

  public TorrentFiles(Metainfo metainfo, OpenFileCache.Source source, OpenFileCache open) {
    this.metainfo = metainfo;
    this.source = source;
    this.open = open;
    for (var file = 0; file < metainfo.fileCount(); file++) {
      if (metainfo.kind(file) == FileKind.PAD) {
        pads.set(file);
      }
    }
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  boolean isPad(int file) {
    return pads.get(file);
  }

  public void read(long offset, ByteBuffer target) throws IOException {
    var end = target.limit();
    var at = offset;
    while (target.position() < end) {
      var file = metainfo.fileAt(at);
      var position = at - metainfo.offset(file);
      var count = (int) Math.min(end - target.position(), metainfo.length(file) - position);
      target.limit(target.position() + count);
      if (pads.get(file)) {
        zeros(target);
      } else {
        open.use(source, file, false, data -> readFully(data, file, position, target));
      }
      target.limit(end);
      at += count;
    }
  }

  public void write(long offset, ByteBuffer data) throws IOException {
    var end = data.limit();
    var at = offset;
    while (data.position() < end) {
      var file = metainfo.fileAt(at);
      var position = at - metainfo.offset(file);
      var count = (int) Math.min(end - data.position(), metainfo.length(file) - position);
      data.limit(data.position() + count);
      if (pads.get(file)) {
        data.position(data.limit());
      } else {
        open.use(
            source,
            file,
            true,
            target -> {
              target.write(data, position);
              return data;
            });
      }
      data.limit(end);
      at += count;
    }
  }

  /** Sends from the file, or the pad, that the offset is in. */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    var file = metainfo.fileAt(offset);
    var position = offset - metainfo.offset(file);
    var within = Math.min(count, metainfo.length(file) - position);
    if (pads.get(file)) {
      var zeros = ZEROS.duplicate();
      return target.write(zeros.limit((int) Math.min(within, zeros.capacity())));
    }
    return open.use(
        source,
        file,
        false,
        data -> {
          var sent = data.transferTo(position, within, target);
          if (sent == 0 && data.size() <= position) {
            throw cutOff(file, data.size()); // or it would be asked for again and again
          }
          return sent;
        });
  }

  /** Whether the piece is there and has its SHA-1; what cannot be read has not. */
  public boolean matches(int piece, ByteBuffer buffer) {
    try {
      var digest = Sha1.digest();
      var end = metainfo.pieceOffset(piece) + metainfo.pieceLength(piece);
      for (var at = metainfo.pieceOffset(piece); at < end; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        read(at, buffer);
        digest.update(buffer.flip());
      }
      return metainfo.pieceMatches(piece, digest.digest());
    } catch (IOException e) {
      return false;
    }
  }

  /** The first piece that has a byte of the file; meaningless if the file is empty. */
  public int firstPiece(int file) {
    return (int) (metainfo.offset(file) / metainfo.pieceLength());
  }

  public int lastPiece(int file) {
    return (int) ((metainfo.offset(file) + metainfo.length(file) - 1) / metainfo.pieceLength());
  }

  /** The files that have a byte in the piece. */
  public BitSet filesOf(int piece) {
    var start = metainfo.pieceOffset(piece);
    var end = start + metainfo.pieceLength(piece);
    var touched = new BitSet();
    for (var file = metainfo.fileAt(start);
        file < metainfo.fileCount() && metainfo.offset(file) < end;
        file++) {
      if (metainfo.length(file) > 0 && !isPad(file)) {
        touched.set(file);
      }
    }
    return touched;
  }

  /** Bytes of the piece without padding. */
  long storedBytes(int piece) {
    var start = metainfo.pieceOffset(piece);
    var end = start + metainfo.pieceLength(piece);
    long stored = 0;
    for (var file = metainfo.fileAt(start);
        file < metainfo.fileCount() && metainfo.offset(file) < end;
        file++) {
      if (!isPad(file)) {
        stored +=
            Math.min(end, metainfo.offset(file) + metainfo.length(file))
                - Math.max(start, metainfo.offset(file));
      }
    }
    return stored;
  }

  /** Clears the units of a piece that have a byte of the file. */
  void clearUnits(BitSet units, int piece, int file) {
    var start = metainfo.pieceOffset(piece);
    var from = Math.max(0, metainfo.offset(file) - start);
    var to =
        Math.min(
            metainfo.pieceLength(piece), metainfo.offset(file) + metainfo.length(file) - start);
    units.clear((int) (from / Storage.UNIT), (int) Math.ceilDiv(to, (long) Storage.UNIT));
  }

  /** Closes the files; they are opened again if they are asked for. */
  @Override
  public void close() throws IOException {
    open.closeAll(source);
  }

  private static void zeros(ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put(ZEROS.duplicate().limit(Math.min(target.remaining(), ZEROS.capacity())));
    }
  }

  private ByteBuffer readFully(DataFile data, int file, long position, ByteBuffer target)
      throws IOException {
    var at = position;
    while (target.hasRemaining()) {
      var count = data.read(target, at);
      if (count < 0) {
        throw cutOff(file, at);
      }
      at += count;
    }
    return target;
  }

  private StoreException cutOff(int file, long at) {
    return new StoreException(
        Reason.Corrupted,
        "'%s' ends at %d of %d bytes: it was changed on this disk"
            .formatted(metainfo.path(file), at, metainfo.length(file)));
  }
}
