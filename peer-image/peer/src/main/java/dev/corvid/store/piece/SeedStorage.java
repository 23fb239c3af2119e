package dev.corvid.store.piece;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.disk.TreeFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;

/** A torrent whose files are all there, for reading. Thread-safe. */
public final class SeedStorage implements Storage, Closeable {
  private final TorrentFiles files;
  private final Tree tree;

  /**
   * @param tree closed with this storage
   */
  public SeedStorage(TorrentFiles files, Tree tree) {
    this.files = files;
    this.tree = tree;
  }

  /**
   * Any tree or file that a torrent was made from. Sizes are compared now; bytes are not, so a
   * changed file is found by who receives it.
   *
   * @param path the directory, or the file of a single-file torrent
   * @throws IOException if a file is missing or has another size
   */
  public static SeedStorage of(Metainfo metainfo, Path path) throws IOException {
    var real = path.toRealPath();
    if (metainfo.isSingleFile() == Files.isDirectory(real)) {
      throw new IOException(
          path
              + (metainfo.isSingleFile()
                  ? " is a directory, not the file "
                  : " is not the directory ")
              + metainfo.name());
    }
    var directory = metainfo.isSingleFile() ? requireNonNull(real.getParent()) : real;
    var tree = new Tree(SecureDirectory.open(directory));
    try {
      OpenFileCache.Source source =
          metainfo.isSingleFile()
              ? (file, forWriting) -> tree.read(real.getFileName().toString())
              : new TreeFiles(metainfo, tree);
      compareSizes(metainfo, source, path);
      return new SeedStorage(
          new TorrentFiles(metainfo, source, new OpenFileCache(OpenFileCache.LIMIT)), tree);
    } catch (IOException | RuntimeException e) {
      tree.close();
      throw e;
    }
  }

  @Override
  public BitSet verified() {
    var all = new BitSet();
    all.set(0, files.metainfo().pieceCount());
    return all;
  }

  @Override
  public void write(long offset, ByteBuffer data) {
    throw new UnsupportedOperationException("a seed is not written to");
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
  public void pieceVerified(int piece) {
    // all of them are
  }

  @Override
  public void close() throws IOException {
    files.close();
    tree.close();
  }

  private static void compareSizes(Metainfo metainfo, OpenFileCache.Source source, Path path)
      throws IOException {
    for (var file = 0; file < metainfo.fileCount(); file++) {
      if (metainfo.kind(file) != FileKind.FILE || metainfo.length(file) == 0) {
        continue;
      }
      try (var data = source.open(file, false)) {
        if (data.size() != metainfo.length(file)) {
          throw new IOException(
              "'%s' has %d bytes, the torrent says %d: it is not what the torrent was made from"
                  .formatted(metainfo.path(file), data.size(), metainfo.length(file)));
        }
      } catch (NoSuchFileException e) {
        throw new IOException("'" + metainfo.path(file) + "' is not in " + path, e);
      }
    }
  }
}
