package dev.corvid.e2e.bench.swarm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Other bytes under the same name: every piece of it is bad. */
final class Corruption {
  private static final int CHUNK = 1 << 20;

  private Corruption() {}

  static Path of(Content content, Path work) {
    var corrupt = work.resolve("corrupt").resolve(content.name());
    try {
      Files.createDirectories(corrupt.getParent());
      try (var in = Files.newInputStream(content.path());
          var out = Files.newOutputStream(corrupt)) {
        for (var chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
          for (int i = 0; i < chunk.length; i++) {
            chunk[i] ^= 0x55;
          }
          out.write(chunk);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return corrupt;
  }
}
