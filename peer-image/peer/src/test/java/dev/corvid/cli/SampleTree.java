package dev.corvid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A small tree with everything that a torrent can hold, and what to compare it by. */
final class SampleTree {
  private SampleTree() {}

  static Path in(Path directory, int largeBytes) throws IOException {
    var root = Files.createDirectories(directory.resolve("tree"));
    var random = new Random(largeBytes);
    file(root.resolve("large"), largeBytes, random);
    file(root.resolve("bin/run"), 300_000, random).toFile().setExecutable(true);
    for (var i = 0; i < 40; i++) {
      file(root.resolve("small/%02d".formatted(i)), 1 + i * 31, random);
    }
    file(root.resolve("empty"), 0, random);
    file(root.resolve("ünïcode name"), 10, random);
    Files.createSymbolicLink(root.resolve("small/latest"), Path.of("../bin/run"));
    Files.createSymbolicLink(root.resolve("binaries"), Path.of("bin"));
    return root;
  }

  /** Path to what it is and holds, for everything but directories. */
  static Map<String, String> describe(Path root) throws IOException {
    var tree = new TreeMap<String, String>();
    try (var paths = Files.walk(root)) {
      for (var path : paths.toList()) {
        if (Files.isSymbolicLink(path)) {
          tree.put(root.relativize(path).toString(), "-> " + Files.readSymbolicLink(path));
        } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          var kind = Files.isExecutable(path) ? "executable " : "file ";
          var content = Files.readAllBytes(path);
          tree.put(
              root.relativize(path).toString(),
              kind + content.length + " " + Arrays.hashCode(content));
        }
      }
    }
    return tree;
  }

  private static Path file(Path path, int bytes, Random random) throws IOException {
    var content = new byte[bytes];
    random.nextBytes(content);
    Files.createDirectories(path.getParent());
    return Files.write(path, content);
  }
}
