package dev.corvid.e2e.content;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Something in a release's tree. Paths are relative, with slashes. */
public sealed interface Entry {
  String path();

  /** A regular file. */
  sealed interface Regular extends Entry {
    /** Bytes. */
    int size();

    boolean executable();

    byte[] bytes();
  }

  /**
   * A file whose bytes follow from the seed.
   *
   * @param size bytes
   */
  record File(String path, int size, boolean executable, long seed) implements Regular {
    @Override
    public byte[] bytes() {
      var bytes = new byte[size];
      new SplittableRandom(seed).nextBytes(bytes);
      return bytes;
    }
  }

  /** A file of which a part was written anew, at the same place. */
  record Overwritten(File file, int from, int length, long seed) implements Regular {
    @Override
    public String path() {
      return file.path();
    }

    @Override
    public int size() {
      return file.size();
    }

    @Override
    public boolean executable() {
      return file.executable();
    }

    @Override
    public byte[] bytes() {
      var part = new byte[length];
      new SplittableRandom(seed).nextBytes(part);
      var bytes = file.bytes();
      System.arraycopy(part, 0, bytes, from, length);
      return bytes;
    }
  }

  /** A file that holds this text. */
  record Text(String path, String text) implements Regular {
    @Override
    public int size() {
      return bytes().length;
    }

    @Override
    public boolean executable() {
      return false;
    }

    @Override
    public byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** A symbolic link. */
  record Link(String path, String target) implements Entry {}

  /** An empty directory. */
  record Directory(String path) implements Entry {}
}
