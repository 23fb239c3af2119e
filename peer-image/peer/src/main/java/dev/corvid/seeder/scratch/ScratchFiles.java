package dev.corvid.seeder.scratch;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.disk.OsError;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Set;

/**
 * Plain files and directories of our own below one directory, counted against scratch. The file
 * system itself finds two of one name, or one below a file.
 */
final class ScratchFiles {
  private final Path root;
  private final ScratchBudget budget;
  private int count;
  private long bytes;

  ScratchFiles(Path root, ScratchBudget budget) {
    this.root = root;
    this.budget = budget;
  }

  Path root() {
    return root;
  }

  /** Regular files, without those that stand for links. */
  int count() {
    return count;
  }

  /** Of these files. */
  long bytes() {
    return bytes;
  }

  /** A new file, in the place of one of its kind, with the directories above it. */
  OutputStream create(String path, EntryKind kind, long size) throws SourceException {
    try {
      var file = place(path);
      if (Files.exists(file, NOFOLLOW_LINKS)) {
        replace(path, file, kind);
      }
      budget.take(ScratchBudget.onDisk(size));
      var channel =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              EntryKind.FILE.attribute());
      if (kind != EntryKind.FILE) {
        // Behind the creation, which heeds the process's mask.
        Files.setPosixFilePermissions(file, kind.permissions());
      }
      count(kind, 1, size);
      return Channels.newOutputStream(channel);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  /**
   * A name for a file that is on scratch already, and counted.
   *
   * @return its length in bytes
   */
  long adopt(Path file, String path) throws SourceException {
    try {
      var name = place(path);
      Files.createLink(name, file);
      long size = Files.size(name);
      count(EntryKind.FILE, 1, size);
      return size;
    } catch (StoreException e) {
      throw new SourceException(e.reason(), ErrorMessage.of(e), e);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  private Path place(String path) throws IOException {
    ContentPath.check(path);
    var file = resolve(path);
    makeDirectories(path, requireNonNull(file.getParent(), "below the root"));
    return file;
  }

  private void replace(String path, Path file, EntryKind kind) throws IOException {
    var earlier = attributes(file);
    var was = EntryKind.of(earlier);
    if (!was.isReplacedBy(kind)) {
      throw invalid(
          path,
          "is %s, but an earlier one of that name is %s; only what is of the same kind is replaced"
              .formatted(kind, was));
    }
    Files.delete(file);
    budget.give(ScratchBudget.onDisk(earlier.size()));
    count(was, -1, -earlier.size());
  }

  private void count(EntryKind kind, int files, long length) {
    if (kind != EntryKind.LINK) {
      count += files;
      bytes += length;
    }
  }

  static PosixFileAttributes attributes(Path file) throws SourceException {
    try {
      return Files.readAttributes(file, PosixFileAttributes.class, NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw asSourceException(e);
    }
  }

  /** Whether it was not there yet. */
  boolean makeDirectory(String path) throws IOException {
    ContentPath.check(path);
    var directory = resolve(path);
    if (Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      return false;
    }
    makeDirectories(path, directory);
    return true;
  }

  private void makeDirectories(String path, Path directory) throws SourceException {
    try {
      int missing = 0;
      for (var at = directory;
          at != null && !Files.isDirectory(at, NOFOLLOW_LINKS);
          at = at.getParent()) {
        missing++;
      }
      if (missing > 0) {
        budget.take(missing * ScratchBudget.onDisk(1));
        Files.createDirectories(directory);
      }
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw invalid(path, "is below, or in the place of, something that is not a directory");
    } catch (IOException e) {
      throw OsError.of(e) == OsError.NOT_A_DIRECTORY
          ? invalid(path, "is below something that is not a directory")
          : asSourceException(e);
    }
  }

  /** Deletes a file, if it is there, and the directories that nothing else is in. */
  void remove(String path) throws IOException {
    var file = resolve(path);
    if (!Files.deleteIfExists(file)) {
      return;
    }
    for (var at = file.getParent();
        at != null && !at.equals(root) && isEmpty(at);
        at = at.getParent()) {
      Files.delete(at);
    }
  }

  /** Brings a directory back that was removed with what was in it. */
  void restore(String path) throws IOException {
    Files.createDirectories(resolve(path));
  }

  boolean isEmptyDirectory(String path) throws IOException {
    return isEmpty(resolve(path));
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  Path resolve(String path) throws SourceException {
    try {
      return root.resolve(path);
    } catch (InvalidPathException e) {
      throw new SourceException(
          Reason.SeederFailed,
          "this seeder cannot name the file " + path + "; it must run with a UTF-8 locale",
          e);
    }
  }

  static SourceException asSourceException(IOException e) {
    return switch (e) {
      case SourceException known -> known;
      case StoreException known ->
          new SourceException(known.reason(), known.getMessage() + ScratchTree.ADVICE, known);
      default -> ScratchFailure.of(e);
    };
  }

  static SourceException invalid(String path, String what) {
    return new SourceException(
        Reason.InvalidContent,
        "the archive's entry " + Printable.name(path) + " " + what + ScratchTree.ADVICE);
  }
}
