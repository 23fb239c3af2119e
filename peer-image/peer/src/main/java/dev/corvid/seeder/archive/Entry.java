package dev.corvid.seeder.archive;

import org.jspecify.annotations.Nullable;

/**
 * One entry, as the archive says it, unchecked. What is not UTF-8 in names is {@link
 * EntryText#MALFORMED} here.
 *
 * @param type what it is
 * @param name path, of any form and length
 * @param target of a link; empty for others
 * @param size bytes of the body
 * @param executable whether any of the three executable bits is set
 * @param fault why it cannot be read, which is nothing to those who do not want it: the next entry
 *     can be; null for none
 */
public record Entry(
    Type type,
    String name,
    String target,
    long size,
    boolean executable,
    @Nullable ArchiveException fault) {
  /** What an entry is. */
  public enum Type {
    FILE("a file"),
    DIRECTORY("a directory"),
    SYMBOLIC_LINK("a symbolic link"),
    HARD_LINK("a hard link"),
    CHARACTER_DEVICE("a character device"),
    BLOCK_DEVICE("a block device"),
    FIFO("a named pipe"),
    SOCKET("a socket");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  static Entry faulty(String name, ArchiveException fault) {
    return new Entry(Type.FILE, name, "", 0, false, fault);
  }

  /** For messages. */
  public String displayName() {
    return EntryText.shown(name);
  }
}
