package dev.corvid.seeder;

import dev.corvid.store.ContentPath;
import dev.corvid.store.ManifestEntry;
import dev.corvid.store.Sha256;
import dev.corvid.store.StoreException;
import dev.corvid.wire.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * The content as it grows on scratch, in its own directories; what each entry is goes into a log.
 *
 * <p>Only plain files and directories are ever made here: a link is an empty file in its place. So
 * no name, however chosen, leads out of the directory, and the file system itself finds two entries
 * of one name, or one below a file. Everything is ours and readable whatever modes the archive
 * says.
 */
final class Tree implements Closeable {
  private static final int COPY_BYTES = 1 << 16;

  private final Path root;
  private final EntryLog log;
  private final ScratchBudget budget;
  private final byte[] buffer = new byte[COPY_BYTES];
  private int files;
  private long bytes;

  /**
   * @param root an empty directory
   * @param log where entries are recorded
   */
  Tree(Path root, EntryLog log, ScratchBudget budget) {
    this.root = root;
    this.log = log;
    this.budget = budget;
  }

  /** Regular files. */
  int files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  EntryLog log() {
    return log;
  }

  Path root() {
    return root;
  }

  /**
   * Writes a file and hashes it on the way. What reading throws is passed on as it is; trouble with
   * the disk is a {@link SourceException}.
   */
  void file(String path, boolean executable, InputStream body) throws IOException {
    var digest = Sha256.digest();
    long size = 0;
    try (var out = create(path)) {
      for (int count; (count = body.read(buffer)) >= 0; ) {
        budget.take(count);
        digest.update(buffer, 0, count);
        write(out, count);
        size += count;
      }
    }
    budget.take(ScratchBudget.onDisk(size) - size);
    record(
        new ManifestEntry.File(path, size, executable, HexFormat.of().formatHex(digest.digest())));
    files++;
    bytes += size;
  }

  /** Gives a file that is on scratch already, and counted, a name in the tree as well. */
  void adopt(Path file, String path, String sha256) throws SourceException {
    try {
      ContentPath.check(path);
      var name = resolve(path);
      makeDirectories(path, name.getParent());
      Files.createLink(name, file);
      long size = Files.size(name);
      record(new ManifestEntry.File(path, size, false, sha256));
      files++;
      bytes += size;
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  void link(String path, String text) throws IOException {
    ContentPath.linkTarget(path, text);
    create(path).close();
    budget.take(ScratchBudget.onDisk(0));
    record(new ManifestEntry.Link(path, text));
  }

  /** Archives list directories as often as they like. */
  void directory(String path) throws IOException {
    ContentPath.check(path);
    var directory = resolve(path);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      makeDirectories(path, directory);
      record(new ManifestEntry.EmptyDirectory(path));
    }
  }

  /** Another name for a file that is here: a copy, because nodes keep no hard links. */
  void copy(String path, String existing, boolean executable) throws IOException {
    var source = resolve(existing);
    if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      throw invalid(path, "is a hard link to " + existing + ", which does not come before it");
    }
    try (var in = Files.newInputStream(source)) {
      file(path, executable, in);
    }
  }

  /** Whether a directory that was recorded has stayed empty. */
  boolean isEmptyDirectory(String path) throws IOException {
    try (var entries = Files.newDirectoryStream(resolve(path))) {
      return !entries.iterator().hasNext();
    }
  }

  private OutputStream create(String path) throws SourceException {
    try {
      ContentPath.check(path);
      var file = resolve(path);
      makeDirectories(path, file.getParent());
      return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw invalid(path, "comes twice");
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  private void makeDirectories(String path, Path directory) throws SourceException {
    try {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        // Each new one is a block; missing parents are few, and counted with it.
        budget.take(ScratchBudget.onDisk(1));
        Files.createDirectories(directory);
      }
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw invalid(path, "is below, or in the place of, something that is not a directory");
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw e.getMessage() != null && e.getMessage().contains("Not a directory")
          ? invalid(path, "is below something that is not a directory")
          : asSourceException(e);
    }
  }

  private Path resolve(String path) throws SourceException {
    try {
      return root.resolve(path);
    } catch (InvalidPathException e) {
      throw new SourceException(
          Reason.SeederFailed,
          "this seeder cannot name the file " + path + "; it must run with a UTF-8 locale",
          e);
    }
  }

  private void write(OutputStream out, int count) throws SourceException {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  private void record(ManifestEntry entry) throws SourceException {
    try {
      budget.take(log.add(entry));
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  private static SourceException asSourceException(IOException e) {
    return switch (e) {
      case SourceException known -> known;
      case StoreException known -> new SourceException(known.reason(), known.getMessage(), known);
      default -> ScratchFailure.of(e);
    };
  }

  private static SourceException invalid(String path, String what) {
    return new SourceException(Reason.InvalidContent, "the archive's entry " + path + " " + what);
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
