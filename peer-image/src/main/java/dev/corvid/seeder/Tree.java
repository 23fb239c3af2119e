package dev.corvid.seeder;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.corvid.store.ContentPath;
import dev.corvid.store.ManifestEntry;
import dev.corvid.store.Sha256;
import dev.corvid.store.StoreException;
import dev.corvid.wire.Printable;
import dev.corvid.wire.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HexFormat;
import java.util.Set;

/**
 * The content as it grows on scratch, in its own directories; what each entry is goes into a log.
 *
 * <p>Only plain files and directories are ever made here: a link is a file that holds its text, and
 * {@link Kind a mark} tells it apart. So no name, however chosen, leads out of the directory, and
 * the file system itself finds two entries of one name, or one below a file. Everything is ours and
 * readable whatever modes the archive says.
 *
 * <p>An entry replaces an earlier one of its name and kind, as tar unpacks what was appended; the
 * log keeps both, and tells the later one.
 */
final class Tree implements Closeable {
  /** What helps against all entries that cannot be kept as they are. */
  static final String ADVICE = "; leave it out by spec.source.files.exclude, or pack it otherwise";

  private final Path root;
  private final EntryLog log;
  private final ScratchBudget budget;
  private final byte[] buffer = new byte[1 << 16];
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
   *
   * @param size bytes that the body has; they are counted before the first is written
   */
  void file(String path, boolean executable, long size, InputStream body) throws IOException {
    var digest = Sha256.digest();
    long written = 0;
    var kind = executable ? Kind.EXECUTABLE : Kind.FILE;
    try (var out = create(path, kind, size)) {
      for (int count; (count = body.read(buffer)) >= 0; ) {
        written += count;
        if (written > size) {
          break;
        }
        digest.update(buffer, 0, count);
        write(out, count);
      }
    }
    if (written != size) {
      throw new SourceException(
          Reason.InvalidContent,
          "the archive's entry %s has another length than its header says"
              .formatted(Printable.name(path)));
    }
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
    } catch (StoreException e) {
      throw new SourceException(e.reason(), e.getMessage(), e);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  void link(String path, String text) throws IOException {
    try {
      ContentPath.linkTarget(path, text);
    } catch (StoreException e) {
      throw asSourceException(e);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (var out = create(path, Kind.LINK, bytes.length)) {
      out.write(bytes);
    } catch (IOException e) {
      throw asSourceException(e);
    }
    record(new ManifestEntry.Link(path, text));
  }

  /** Archives list directories as often as they like. */
  void directory(String path) throws IOException {
    ContentPath.check(path);
    var directory = resolve(path);
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      makeDirectories(path, directory);
      record(new ManifestEntry.EmptyDirectory(path));
    }
  }

  /**
   * Another name for a file or a link that is here, as it is now: a copy, because nodes keep no
   * hard links.
   */
  void copy(String path, String existing) throws IOException {
    var source = resolve(existing);
    if (!Files.exists(source, NOFOLLOW_LINKS)) {
      throw invalid(
          path,
          "is a hard link to " + Printable.name(existing) + ", which does not come before it");
    }
    var found = attributes(source);
    switch (Kind.of(found)) {
      case DIRECTORY ->
          throw invalid(
              path, "is a hard link to " + Printable.name(existing) + ", which is a directory");
      // To itself, as tar writes a file that it was told of twice.
      case Kind kind when path.equals(existing) -> {}
      case LINK -> link(path, Files.readString(source));
      case Kind kind -> {
        try (var in = Files.newInputStream(source)) {
          file(path, kind == Kind.EXECUTABLE, found.size(), in);
        }
      }
    }
  }

  /** Whether a directory that was recorded has stayed empty. */
  boolean isEmptyDirectory(String path) throws IOException {
    try (var entries = Files.newDirectoryStream(resolve(path))) {
      return !entries.iterator().hasNext();
    }
  }

  private OutputStream create(String path, Kind kind, long size) throws SourceException {
    try {
      ContentPath.check(path);
      var file = resolve(path);
      makeDirectories(path, file.getParent());
      if (Files.exists(file, NOFOLLOW_LINKS)) {
        replace(path, file, kind);
      }
      budget.take(ScratchBudget.onDisk(size));
      var channel =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              Kind.FILE.attribute());
      if (kind != Kind.FILE) {
        // Behind the creation, which heeds the process's mask.
        Files.setPosixFilePermissions(file, kind.permissions());
      }
      return Channels.newOutputStream(channel);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  private void replace(String path, Path file, Kind kind) throws IOException {
    var earlier = attributes(file);
    var was = Kind.of(earlier);
    if (!was.isReplacedBy(kind)) {
      throw invalid(
          path,
          "is %s, but an earlier one of that name is %s; only what is of the same kind is replaced"
              .formatted(kind, was));
    }
    Files.delete(file);
    budget.give(ScratchBudget.onDisk(earlier.size()));
    if (kind != Kind.LINK) {
      files--;
      bytes -= earlier.size();
    }
  }

  private static PosixFileAttributes attributes(Path file) throws SourceException {
    try {
      return Files.readAttributes(file, PosixFileAttributes.class, NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  private void makeDirectories(String path, Path directory) throws SourceException {
    try {
      int missing = 0;
      for (var at = directory; !Files.isDirectory(at, NOFOLLOW_LINKS); at = at.getParent()) {
        missing++;
      }
      if (missing > 0) {
        budget.take(missing * ScratchBudget.onDisk(1));
        Files.createDirectories(directory);
      }
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw invalid(path, "is below, or in the place of, something that is not a directory");
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
      case StoreException known ->
          new SourceException(known.reason(), known.getMessage() + ADVICE, known);
      default -> ScratchFailure.of(e);
    };
  }

  private static SourceException invalid(String path, String what) {
    return new SourceException(
        Reason.InvalidContent, "the archive's entry " + Printable.name(path) + " " + what + ADVICE);
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
