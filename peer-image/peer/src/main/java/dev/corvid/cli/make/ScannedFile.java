package dev.corvid.cli.make;

import dev.corvid.cli.process.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** A file as it was before it was hashed. */
record ScannedFile(Path path, long size, FileTime modified) {
  static ScannedFile of(Path path, BasicFileAttributes attributes) {
    return new ScannedFile(path, attributes.size(), attributes.lastModifiedTime());
  }

  /**
   * The kernel's own files call themselves empty and are not.
   *
   * @throws Failure if the file has bytes that its size does not tell of
   */
  void requireTrueSize() throws IOException, Failure {
    if (size > 0) {
      return;
    }
    try (var in = Files.newInputStream(path)) {
      if (in.read() >= 0) {
        throw new Failure(path + " has bytes although its size is 0: publish a copy of it");
      }
    }
  }

  /**
   * @throws Failure if it was written to since
   */
  void requireUnchanged() throws IOException, Failure {
    var now = of(path, Files.readAttributes(path, BasicFileAttributes.class));
    if (!now.equals(this)) {
      throw new Failure(
          path + " changed while it was read: run it again when nothing writes there");
    }
  }
}
