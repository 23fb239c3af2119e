package dev.corvid.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * An open directory: the boundary through which the store reaches the disk. Each method that
 * changes something is one step, after which the machine may stop; a test stops after each in turn.
 *
 * <p>Names are single components, looked up in this directory and nowhere else, and links are never
 * followed. An open directory stays the same when it is renamed. Thread-safe.
 *
 * <p>Four methods must resolve a path from the top, because Java has no {@code mkdirat}, {@code
 * symlinkat}, {@code readlinkat} and {@code fstatvfs}: {@link #make}, {@link #link}, {@link
 * #linkText} and {@link #space}. They check that the path still leads to the open directory, and
 * that what they created is in the open directory, so a replaced directory on the path is detected.
 * A race remains for a user who may rename directories above: below a root only uid 0 can, see
 * {@code Root}. The race can create an empty directory or a link elsewhere, never a byte of
 * content.
 */
public interface Directory extends Closeable {
  /** What a name stands for. */
  enum Kind {
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  /**
   * @param size bytes
   * @param modified epoch seconds
   */
  record Entry(Kind kind, long size, long modified) {}

  /** Bytes of the file system. */
  record Space(long total, long usable) {}

  /**
   * Who may change what is in a directory.
   *
   * @param owner as a person would write it
   * @param isOwn whether that is uid 0 or the user of this process
   * @param isShared whether its group or others may write
   */
  record Access(String owner, boolean isOwn, boolean isShared) {
    public boolean isPrivate() {
      return isOwn && !isShared;
    }
  }

  Directory enter(String name) throws IOException;

  /**
   * Makes a directory, mode 0755, unless it is there, and enters it. Only in a directory that
   * nobody else can write to: see above.
   */
  Directory make(String name) throws IOException;

  /** As {@link #make}, a link; it must not be there. */
  void link(String name, String text) throws IOException;

  String linkText(String name) throws IOException;

  DataFile read(String name) throws IOException;

  /** Opens a file for writing and reading; it is made if it is missing. */
  DataFile write(String name) throws IOException;

  Optional<Entry> find(String name) throws IOException;

  List<String> names() throws IOException;

  /** Renames; a file or link of the new name is replaced in the same instant. */
  void move(String name, Directory to, String newName) throws IOException;

  void delete(String name) throws IOException;

  void deleteDirectory(String name) throws IOException;

  /**
   * @param mode as in chmod
   */
  void mode(String name, int mode) throws IOException;

  /**
   * @param modified epoch seconds
   */
  void stamp(String name, long modified) throws IOException;

  /**
   * When the file or directory came to be, in nanoseconds of the epoch, which no later change to it
   * touches: what replaces it under its name was born later. Where the file system does not record
   * that, this is when it was last modified.
   */
  long born(String name) throws IOException;

  /** Names in it are on the disk when this returns. */
  void sync() throws IOException;

  Space space() throws IOException;

  Access access() throws IOException;

  /** Held until the result is closed, or this process ends; empty if another process has it. */
  Optional<Closeable> lock(String name) throws IOException;

  /** The directory as a person would write it. */
  @Override
  String toString();

  default void deleteIfPresent(String name) throws IOException {
    try {
      delete(name);
    } catch (NoSuchFileException e) {
      // as wanted
    }
  }
}
