package dev.corvid.store.piece;

import dev.corvid.store.disk.DataFile;
import dev.corvid.store.manifest.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * The verified parts of a download, appended record by record, so that a restart checks again only
 * what it must.
 *
 * <p>A process that dies loses nothing that it wrote. A machine that restarts does: so records
 * count after a change of the boot id only up to the last checkpoint, for which the data were
 * synced first. A checkpoint covers what was recorded before its {@code MARK}, since pieces keep
 * arriving while it syncs.
 *
 * <p>Record: kind (4 bytes), value (8), CRC-32C of both (4). The first that is not whole ends the
 * log. Thread-safe.
 */
public final class PieceLog implements Closeable {
  private static final int RECORD = 16;
  private static final int TORRENT = 0x43_56_44_31;
  private static final int BOOT = 1;
  private static final int PIECE = 2;
  private static final int FILE = 3;
  private static final int FORGET_PIECE = 4;
  private static final int FORGET_FILE = 5;
  private static final int MARK = 6;
  private static final int CHECKPOINT = 7;
  private static final int PLACING = 8;
  private static final int REUSED = 9;
  private static final int BEGUN = 10;

  private final DataFile file;
  private final Known recent = new Known();
  private final Known marked = new Known();
  private final Known safe = new Known();
  private final BitSet reused = new BitSet();
  private long end;
  private long boot;
  private long placing;
  private long begun;

  private static final class Known {
    final BitSet pieces = new BitSet();
    final BitSet files = new BitSet();

    void moveTo(Known other) {
      other.pieces.or(pieces);
      other.files.or(files);
      clear();
    }

    void clear() {
      pieces.clear();
      files.clear();
    }
  }

  private PieceLog(DataFile file) {
    this.file = file;
  }

  /**
   * Replays the log and appends behind it.
   *
   * @param torrent the log of another torrent is discarded
   * @param file closed with this log
   */
  public static PieceLog open(DataFile file, byte[] torrent, String bootId) throws IOException {
    var log = new PieceLog(file);
    if (!log.replay(hash(torrent))) {
      log.end = 0;
    }
    file.truncate(log.end);
    if (log.end == 0) {
      log.append(TORRENT, hash(torrent));
    }
    log.append(BOOT, hash(bootId.getBytes(StandardCharsets.UTF_8)));
    return log;
  }

  /** Whether nothing was known when it was opened. */
  public synchronized boolean isEmpty() {
    return pieces().isEmpty() && files().isEmpty();
  }

  public synchronized BitSet pieces() {
    var all = (BitSet) safe.pieces.clone();
    all.or(marked.pieces);
    all.or(recent.pieces);
    return all;
  }

  /** Files whose SHA-256 was read back. */
  public synchronized BitSet files() {
    var all = (BitSet) safe.files.clone();
    all.or(marked.files);
    all.or(recent.files);
    return all;
  }

  /** Pieces that were copied from what this node held; only a figure, so no checkpoint counts. */
  public synchronized BitSet reused() {
    var some = pieces();
    some.and(reused);
    return some;
  }

  /** Pieces that no checkpoint covers yet. */
  synchronized BitSet unsafePieces() {
    var some = (BitSet) marked.pieces.clone();
    some.or(recent.pieces);
    return some;
  }

  /** The stamp of {@link #placing}; 0 if that was never reached. */
  public synchronized long placing() {
    return placing;
  }

  /** The value last passed to {@link #begin}; 0 if none. */
  public synchronized long begun() {
    return begun;
  }

  /**
   * From now on the log describes these files, and survives a power failure as they do.
   *
   * @param files tells them from others of the same names; not 0
   */
  public void begin(long files) throws IOException {
    append(BEGUN, files);
    file.sync();
  }

  public void piece(int piece) throws IOException {
    append(PIECE, piece);
  }

  public void reused(int piece) throws IOException {
    append(REUSED, piece);
  }

  public void file(int index) throws IOException {
    append(FILE, index);
  }

  void forgetPiece(int piece) throws IOException {
    append(FORGET_PIECE, piece);
  }

  void forgetFile(int index) throws IOException {
    append(FORGET_FILE, index);
  }

  /** Begins a checkpoint; sync the data of all pieces so far, then call {@link #checkpoint}. */
  public void mark() throws IOException {
    append(MARK, 0);
  }

  void checkpoint() throws IOException {
    append(CHECKPOINT, 0);
    file.sync();
  }

  /** The tree is whole and synced, and will be renamed next. */
  public void placing(long stamp) throws IOException {
    append(PLACING, stamp);
    file.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private synchronized void append(int kind, long value) throws IOException {
    var record = ByteBuffer.allocate(RECORD).putInt(kind).putLong(value);
    file.write(record.putInt(crc(record.array())).flip(), end);
    end += RECORD;
    apply(kind, value);
  }

  private boolean replay(long torrent) throws IOException {
    var records = ByteBuffer.allocate(RECORD << 8);
    while (file.read(records.clear(), end) > 0) {
      records.flip();
      while (records.remaining() >= RECORD) {
        var record = new byte[RECORD];
        records.get(record);
        var fields = ByteBuffer.wrap(record);
        var kind = fields.getInt();
        var value = fields.getLong();
        if (fields.getInt() != crc(record)) {
          return end > 0;
        }
        if (end == 0 && (kind != TORRENT || value != torrent)) {
          return false;
        }
        apply(kind, value);
        end += RECORD;
      }
      if (records.position() < RECORD) {
        break;
      }
    }
    return end > 0;
  }

  private void apply(int kind, long value) {
    switch (kind) {
      case BOOT -> {
        if (boot != value) {
          recent.clear();
          marked.clear();
        }
        boot = value;
      }
      case PIECE -> recent.pieces.set((int) value);
      case FILE -> recent.files.set((int) value);
      case FORGET_PIECE -> {
        placing = 0;
        reused.clear((int) value);
        for (var known : new Known[] {recent, marked, safe}) {
          known.pieces.clear((int) value);
        }
      }
      case FORGET_FILE -> {
        for (var known : new Known[] {recent, marked, safe}) {
          known.files.clear((int) value);
        }
      }
      case MARK -> recent.moveTo(marked);
      case CHECKPOINT -> marked.moveTo(safe);
      case PLACING -> placing = value;
      case BEGUN -> begun = value;
      case REUSED -> reused.set((int) value);
      default -> {} // from a later version; its content is checked again
    }
  }

  private static int crc(byte[] record) {
    var crc = new CRC32C();
    crc.update(record, 0, RECORD - Integer.BYTES);
    return (int) crc.getValue();
  }

  private static long hash(byte[] text) {
    return ByteBuffer.wrap(Sha256.digest().digest(text)).getLong();
  }
}
