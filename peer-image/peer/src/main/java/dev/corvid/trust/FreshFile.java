package dev.corvid.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A small file that somebody else replaces now and then, parsed once for each version. The kubelet
 * replaces projected files by switching a link, so the version is that of the file behind it: each
 * use costs one {@code stat}. Thread-safe.
 */
final class FreshFile<T> {
  private static final int MAX_BYTES = 1 << 20;

  private final Path path;
  private final Parser<T> parser;
  private @Nullable Parsed<T> last;

  FreshFile(Path path, Parser<T> parser) {
    this.path = path;
    this.parser = parser;
  }

  interface Parser<T> {
    T parse(byte[] content) throws IOException;
  }

  private record Parsed<T>(Version version, T value) {}

  private record Version(Object file, FileTime modified, long size) {}

  /**
   * What the file says now. A version that cannot be parsed is an error only until the next one.
   *
   * @throws IOException when the file is absent, unreadable, larger than 1 MiB, or malformed
   */
  synchronized T value() throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    var now = new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    var known = last;
    if (known == null || !now.equals(known.version())) {
      if (now.size() > MAX_BYTES) {
        throw new IOException(
            path + " has " + now.size() + " bytes, at most " + MAX_BYTES + " are read");
      }
      known = new Parsed<>(now, parser.parse(Files.readAllBytes(path)));
      last = known;
    }

    return known.value();
  }
}
