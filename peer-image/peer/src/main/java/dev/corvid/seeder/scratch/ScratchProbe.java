package dev.corvid.seeder.scratch;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.disk.OsError;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a volume keeps what {@link ScratchTree} relies on: the modes of files, which tell their
 * {@link EntryKind}, and the case of names. On a volume that does not, as one of SMB, the content
 * would come out wrong, and nothing would say so.
 */
public final class ScratchProbe {
  private static final String NO_MODES = "it does not keep the modes of files";
  private static final EntryKind[] MARKED = {EntryKind.FILE, EntryKind.EXECUTABLE, EntryKind.LINK};

  private ScratchProbe() {}

  /** What is asked of a volume. */
  static class Volume {
    private final Path directory;

    /**
     * @param directory an empty one of the volume
     */
    Volume(Path directory) {
      this.directory = directory;
    }

    void create(String name) throws IOException {
      Files.newByteChannel(
              directory.resolve(name),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              EntryKind.FILE.attribute())
          .close();
    }

    void mark(String name, EntryKind kind) throws IOException {
      Files.setPosixFilePermissions(directory.resolve(name), kind.permissions());
    }

    EntryKind kind(String name) throws IOException {
      return EntryKind.of(ScratchFiles.attributes(directory.resolve(name)));
    }

    boolean has(String name) {
      return Files.exists(directory.resolve(name), NOFOLLOW_LINKS);
    }

    void remove(String name) throws IOException {
      Files.deleteIfExists(directory.resolve(name));
    }
  }

  /**
   * @param directory an empty one, which is left so
   * @throws SourceException that says what is missing, and which volume to use
   */
  public static void require(Path directory) throws SourceException {
    require(new Volume(directory));
  }

  public static void require(Volume volume) throws SourceException {
    try {
      for (var kind : MARKED) {
        requireKept(volume, kind);
      }
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private static void requireKept(Volume volume, EntryKind kind) throws IOException {
    var name = "probe-" + kind.name().toLowerCase(Locale.ROOT);
    try {
      volume.create(name);
      if (kind != EntryKind.FILE) {
        mark(volume, name, kind); // as ScratchFiles makes them
      }
      if (volume.kind(name) != kind) {
        throw missing(NO_MODES, null);
      }
      if (volume.has(name.toUpperCase(Locale.ROOT))) {
        throw missing("it takes names that differ only in case for the same", null);
      }
    } catch (UnsupportedOperationException e) {
      throw missing(NO_MODES, e);
    } finally {
      volume.remove(name);
    }
  }

  private static void mark(Volume volume, String name, EntryKind kind) throws IOException {
    try {
      volume.mark(name, kind);
    } catch (FileSystemException e) {
      if (OsError.of(e) == OsError.DISK_FULL) {
        throw e;
      }
      throw missing("%s (%s)".formatted(NO_MODES, e.getReason()), e);
    }
  }

  private static SourceException missing(String what, @Nullable Throwable cause) {
    return new SourceException(
        Reason.SeederFailed,
        "the scratch volume cannot hold the content: %s; a volume of spec.seeder.scratch.volumeClaimTemplate needs a POSIX file system, such as ext4, XFS or NFS, and not SMB: name a StorageClass of such volumes in its storageClassName"
            .formatted(what),
        cause);
  }
}
