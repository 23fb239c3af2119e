package dev.corvid.e2e.bench.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * What is distributed.
 *
 * @param path a file or a directory of random bytes, the same in every run
 */
public record Content(Path path, long bytes) {
  private static final int CHUNK = 1 << 20;
  private static final int FILES_A_DIRECTORY = 1000;

  /** Makes a file, or finds it made. */
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

  /** Makes a tree of many files, or finds it made. */
  public static Content of(Path folder, int files, int bytesEach) throws IOException {
    var top = folder.resolve("content-" + files + "-files");
    if (!Files.exists(top)) {
      var random = new Random(files);
      var bytes = new byte[bytesEach];
      for (int file = 0; file < files; file++) {
        var directory = top.resolve("part-%03d".formatted(file / FILES_A_DIRECTORY));
        if (file % FILES_A_DIRECTORY == 0) {
          Files.createDirectories(directory);
        }
        random.nextBytes(bytes);
        Files.write(directory.resolve("file-%06d".formatted(file)), bytes);
      }
    }
    return new Content(top, (long) files * bytesEach);
  }

  public String name() {
    return path.getFileName().toString();
  }

  /** Compares every byte. */
  boolean isIn(Path copy) throws IOException {
    if (Files.isRegularFile(path)) {
      return Files.mismatch(path, copy) == -1;
    }
    try (var tree = Files.walk(path)) {
      for (var file : tree.filter(Files::isRegularFile).toList()) {
        if (Files.mismatch(file, copy.resolve(path.relativize(file).toString())) != -1) {
          return false;
        }
      }
      return true;
    }
  }
}
