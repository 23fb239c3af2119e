package dev.corvid.e2e.content;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Something in a release's tree. Paths are relative, with slashes. */
public sealed interface Entry {
  String path();

  /**
   * A file whose bytes follow from the seed.
   *
   * @param size bytes
   */
  record File(String path, int size, boolean executable, long seed) implements Entry {
    public byte[] bytes() {
      var bytes = new byte[size];
      new SplittableRandom(seed).nextBytes(bytes);
      return bytes;
    }
  }

  /** A file that holds this text. */
  record Text(String path, String text) implements Entry {
    public byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** A symbolic link. */
  record Link(String path, String target) implements Entry {}

  /** An empty directory. */
  record Directory(String path) implements Entry {}
}
