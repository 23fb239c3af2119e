package dev.corvid.store;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.DiskSync;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.PieceLog;
import dev.corvid.store.piece.SeedStorage;
import dev.corvid.store.piece.StagedPieces;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Any torrent, downloaded into a directory without Kubernetes around it. Unfinished files carry
 * their own names; a hidden piece log beside them lets a later run resume, if the files are still
 * those that the log was started with. Pieces in the log are read back then: the files may have
 * been changed meanwhile. Thread-safe.
 */
public final class FileDownload implements Storage, Closeable {
  private static final int EXECUTABLE = 0755;
  private static final int READ_BACK = 1 << 20;
  private static final long UNKNOWN_BIRTH = -1;
  private static final int MAX_PATH = 1000;

  private final Metainfo metainfo;
  private final Directory directory;
  private final Tree tree;
  private final Closeable lock;
  private final PieceLog log;
  private final TreeFiles source;
  private final TorrentFiles files;
  private final StagedPieces pieces;
  private boolean closed;

  private FileDownload(
      Metainfo metainfo, Directory directory, Closeable lock, PieceLog log, Tree tree) {
    this.metainfo = metainfo;
    this.directory = directory;
    this.lock = lock;
    this.log = log;
    this.tree = tree;
    this.source = new TreeFiles(metainfo, tree);
    this.files = new TorrentFiles(metainfo, source, new OpenFileCache(OpenFileCache.LIMIT));
    this.pieces = new StagedPieces(files, source, log, StoreExecutors.threads());
  }

  /**
   * Begins, resumes, or finds the torrent whole.
   *
   * @param path made if it is missing; the torrent's name is created below it
   * @throws StoreException {@code ForeignContent} if something else has that name
   * @throws IOException also if another process, or this one, has it open
   */
  public static FileDownload open(Metainfo metainfo, Path path, StoreOptions options)
      throws IOException {
    Files.createDirectories(path);
    var directory = SecureDirectory.open(path);
    try {
      var lock =
          directory
              .lock(logName(metainfo))
              .orElseThrow(
                  () ->
                      new IOException(
                          "this torrent is being downloaded into %s already: wait for that, or choose another directory"
                              .formatted(path)));
      try {
        return open(metainfo, path, directory, lock, options);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static FileDownload open(
      Metainfo metainfo, Path path, Directory directory, Closeable lock, StoreOptions options)
      throws IOException {
    var log =
        PieceLog.open(
            directory.write(logName(metainfo)),
            metainfo.infoHash().hex().getBytes(StandardCharsets.US_ASCII),
            options.bootId());
    try {
      var whole = !isFree(metainfo, directory) && log.begun() != birth(metainfo, directory);
      if (whole) {
        refuseOther(metainfo, path.resolve(metainfo.name()));
      }
      var top =
          metainfo.isSingleFile() ? SecureDirectory.open(path) : directory.make(metainfo.name());
      var download = new FileDownload(metainfo, directory, lock, log, new Tree(top));
      if (whole) {
        for (var piece = 0; piece < metainfo.pieceCount(); piece++) {
          download.pieceVerified(piece);
        }
      } else {
        download.begin();
      }
      return download;
    } catch (IOException | RuntimeException e) {
      log.close();
      if (log.begun() == 0) {
        directory.deleteIfPresent(logName(metainfo));
      }
      throw e;
    }
  }

  /** Whether nothing has the torrent's name, or nothing that could be lost. */
  private static boolean isFree(Metainfo metainfo, Directory directory) throws IOException {
    var there = directory.find(metainfo.name());
    if (there.isEmpty()) {
      return true;
    }
    if (metainfo.isSingleFile()) {
      return there.get().kind() == Directory.Kind.FILE && there.get().size() == 0;
    }
    if (there.get().kind() != Directory.Kind.DIRECTORY) {
      return false;
    }
    try (var top = directory.enter(metainfo.name())) {
      return top.names().isEmpty();
    }
  }

  /** Of what has the torrent's name; of the file system, if that records no births. */
  private static long birth(Metainfo metainfo, Directory directory) throws IOException {
    directory.stamp(logName(metainfo), 1);
    return directory.born(logName(metainfo)) == TimeUnit.SECONDS.toNanos(1)
        ? UNKNOWN_BIRTH
        : directory.born(metainfo.name());
  }

  private void begin() throws IOException {
    if (metainfo.isSingleFile()) {
      source.open(0, true).close();
    }
    var birth = birth(metainfo, directory);
    if (log.begun() != birth) {
      log.begin(birth);
      directory.sync();
    }
    var buffer = ByteBuffer.allocateDirect(READ_BACK);
    var believed = pieces.verified();
    for (var piece = believed.nextSetBit(0); piece >= 0; piece = believed.nextSetBit(piece + 1)) {
      var isRight = files.matches(piece, buffer);
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("broken off; run it again to resume");
      }
      if (!isRight) {
        pieces.forget(piece);
      }
    }
  }

  @Override
  public BitSet verified() {
    return pieces.verified();
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    pieces.write(offset, data);
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    files.read(offset, target);
  }

  @Override
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return files.transferTo(offset, count, target);
  }

  @Override
  public void pieceVerified(int piece) throws IOException {
    pieces.pieceVerified(piece);
  }

  /**
   * Makes empty files, links and executable bits, syncs everything, and drops the piece log. Goes
   * on serving.
   */
  public synchronized void finish() throws IOException {
    if (!pieces.isComplete()) {
      throw new IllegalStateException("pieces are missing");
    }
    try {
      files.close();
      for (var file = 0; file < metainfo.fileCount(); file++) {
        complete(file);
      }
      pieces.syncAll();
      DiskSync.directories(tree.top());
      closePieces();
      directory.deleteIfPresent(logName(metainfo));
      directory.sync();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("broken off; run it again to resume");
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closePieces();
    files.close();
    tree.close();
    lock.close();
    directory.close();
  }

  private void closePieces() throws IOException {
    if (!closed) {
      closed = true;
      pieces.close();
    }
  }

  private void complete(int file) throws IOException {
    switch (metainfo.kind(file)) {
      case PAD -> {}
      case LINK -> tree.making(metainfo.path(file), (parent, name) -> link(parent, name, file));
      case FILE -> {
        if (metainfo.length(file) == 0) {
          source.open(file, true).close();
        }
        if (metainfo.executable(file)) {
          tree.at(metainfo.path(file), FileDownload::makeExecutable);
        }
      }
    }
  }

  private @Nullable Void link(Directory parent, String name, int file) throws IOException {
    if (parent.find(name).isEmpty()) {
      parent.link(name, metainfo.linkText(file));
    } else if (!parent.linkText(name).equals(metainfo.linkText(file))) {
      throw new StoreException(
          Reason.ForeignContent,
          "the link '%s' is there and leads elsewhere: choose another directory, or remove it"
              .formatted(Printable.name(metainfo.path(file))));
    }
    return null;
  }

  private static @Nullable Void makeExecutable(Directory parent, String name) throws IOException {
    parent.mode(name, EXECUTABLE);
    return null;
  }

  /** What stands there without a log is the torrent itself, or nothing that may be written to. */
  private static void refuseOther(Metainfo metainfo, Path path) throws IOException {
    try (var there = SeedStorage.of(metainfo, path)) {
      var hashes =
          new PieceHasher(Runtime.getRuntime().availableProcessors())
              .hash(there::read, metainfo.totalLength(), metainfo.pieceLength(), bytes -> {});
      var expected = ByteBuffer.allocate(hashes.length);
      for (var piece = 0; piece < metainfo.pieceCount(); piece++) {
        expected.put(metainfo.pieceHash(piece));
      }
      if (!Arrays.equals(hashes, expected.array())) {
        throw new IOException("its bytes are others");
      }
    } catch (IOException e) {
      throw new StoreException(
          Reason.ForeignContent,
          Printable.text(path.toString(), MAX_PATH)
              + " is there and is not this torrent's: choose another directory, or remove it",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("broken off; run it again");
    }
  }

  private static String logName(Metainfo metainfo) {
    return ".corvid-" + metainfo.infoHash().hex();
  }
}
