package dev.corvid.seeder.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The entries of an archive, one after the other. Not thread-safe. */
public sealed interface Archive extends Closeable permits TarArchive, ZipArchive, DirectoryArchive {
  /** The longest path and link text that is read; Linux has no longer ones. */
  int MAX_PATH_BYTES = 4096;

  /**
   * The next entry; empty at the archive's proper end.
   *
   * @throws ArchiveException when the archive is malformed or ends too early
   */
  Optional<Entry> next() throws IOException;

  /**
   * The bytes of the entry that {@link #next} gave last, exactly {@link Entry#size} of them; to be
   * read before the next call of {@code next}, and not to be closed.
   */
  InputStream body() throws IOException;
}
