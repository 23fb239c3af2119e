package dev.corvid.seeder.archive;

import dev.corvid.wire.Printable;

/**
 * One entry, as the archive says it, unchecked. What is not UTF-8 in names is U+FFFD here.
 *
 * @param type what it is
 * @param name path, of any form and length
 * @param target of a link; empty for others
 * @param size bytes of the body
 * @param executable whether any of the three executable bits is set
 */
public record Entry(Type type, String name, String target, long size, boolean executable) {
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

  /** For messages, see {@link Printable#name}. */
  public String displayName() {
    return Printable.name(name);
  }
}
