package dev.corvid.cli;

import dev.corvid.metainfo.InfoBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The files and links below a directory, in the order of their paths' bytes. */
final class TreeScan {
  private record Found(String path, byte[] order, Path file, BasicFileAttributes attributes) {}

  private final Path root;
  private final List<Found> found = new ArrayList<>();
  private final Set<Path> emptyDirectories = new HashSet<>();

  private TreeScan(Path root) {
    this.root = root;
  }

  static TreeScan of(Path root) throws IOException, Failure {
    var scan = new TreeScan(root);
    Files.walkFileTree(root, scan.new Visitor());
    scan.found.sort((a, b) -> Arrays.compareUnsigned(a.order, b.order));
    for (var entry : scan.found) {
      if (entry.attributes.isOther()) {
        throw new Failure(entry.file + " is neither a file nor a link; a torrent cannot hold it");
      }
      if (!isText(entry.path, root.relativize(entry.file))) {
        throw new Failure(
            "the name of %s is not text: rename it, or say how names are encoded by LC_ALL=C.UTF-8"
                .formatted(entry.file));
      }
    }
    return scan;
  }

  /** Java shows bytes that its encoding of names lacks as other ones, which name no file. */
  private static boolean isText(String path, Path file) {
    try {
      return Path.of(path).equals(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  long totalLength() {
    return found.stream()
        .filter(entry -> entry.attributes.isRegularFile())
        .mapToLong(entry -> entry.attributes.size())
        .sum();
  }

  /** Directories that a torrent cannot name, as nothing is in them. */
  int emptyDirectories() {
    return emptyDirectories.size();
  }

  void addTo(InfoBuilder info) throws IOException {
    for (var entry : found) {
      if (entry.attributes.isSymbolicLink()) {
        info.link(entry.path, Files.readSymbolicLink(entry.file).toString());
      } else {
        info.file(entry.path, entry.attributes.size(), Files.isExecutable(entry.file));
      }
    }
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      emptyDirectories.remove(directory.getParent());
      emptyDirectories.add(directory);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      emptyDirectories.remove(file.getParent());
      var path = root.relativize(file).toString();
      found.add(new Found(path, path.getBytes(StandardCharsets.UTF_8), file, attributes));
      return FileVisitResult.CONTINUE;
    }
  }
}
