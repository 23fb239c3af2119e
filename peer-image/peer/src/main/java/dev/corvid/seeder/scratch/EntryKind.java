package dev.corvid.seeder.scratch;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * What an entry became on scratch. The modes of files are marks, and nothing else: nobody but the
 * seeder reads them, and to keep kinds in memory would take some for each entry.
 */
enum EntryKind {
  FILE("a file", "rw-------"),
  EXECUTABLE("a file", "rw-r-----"),
  LINK("a link", "rw----r--"),
  DIRECTORY("a directory", "rwx------");

  private final String words;
  private final Set<PosixFilePermission> permissions;

  EntryKind(String words, String permissions) {
    this.words = words;
    this.permissions = PosixFilePermissions.fromString(permissions);
  }

  static EntryKind of(PosixFileAttributes found) {
    if (found.isDirectory()) {
      return DIRECTORY;
    }
    var marks = found.permissions();
    return marks.contains(PosixFilePermission.OTHERS_READ)
        ? LINK
        : marks.contains(PosixFilePermission.GROUP_READ) ? EXECUTABLE : FILE;
  }

  boolean isReplacedBy(EntryKind later) {
    return this != DIRECTORY && (this == LINK) == (later == LINK);
  }

  Set<PosixFilePermission> permissions() {
    return permissions;
  }

  FileAttribute<Set<PosixFilePermission>> attribute() {
    return PosixFilePermissions.asFileAttribute(permissions);
  }

  @Override
  public String toString() {
    return words;
  }
}
