package dev.corvid.e2e.bench.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * What is distributed.
 *
 * @param path a file of random bytes, the same in every run
 */
public record Content(Path path, long bytes) {
  private static final int CHUNK = 1 << 20;

  /** Makes it, or finds it made. */
  public static Content of(Path folder, long bytes) throws IOException {
    var file = folder.resolve("content-" + (bytes >> 20) + "MiB");
    if (!Files.exists(file) || Files.size(file) != bytes) {
      Files.createDirectories(folder);
      var random = new Random(bytes);
      var chunk = new byte[CHUNK];
      try (var out = Files.newOutputStream(file)) {
        for (long left = bytes; left > 0; left -= chunk.length) {
          random.nextBytes(chunk);
          out.write(chunk, 0, (int) Math.min(left, chunk.length));
        }
      }
    }
    return new Content(file, bytes);
  }

  public String name() {
    return path.getFileName().toString();
  }
}
