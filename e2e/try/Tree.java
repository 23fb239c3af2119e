import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Directory trees: a real one to release, and what makes two of them equal. */
final class Tree {
  record Size(int files, long bytes) {}

  private Tree() {}

  /** A copy of this JDK: hundreds of files, links and executables; without sources and caches. */
  static Size copyOfJdk(Path to) throws IOException {
    var from = Path.of(System.getProperty("java.home")).toRealPath();
    var files = 0;
    var bytes = 0L;
    try (var paths = Files.walk(from)) {
      for (var source : (Iterable<Path>) paths::iterator) {
        if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)
            || source.toString().matches(".*\\.(zip|jsa)")
            || !source.toRealPath().startsWith(from)) {
          continue;
        }
        var target = to.resolve(from.relativize(source).toString());
        Files.createDirectories(target.getParent());
        Files.copy(
            source, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        files++;
        bytes += Files.isSymbolicLink(target) ? 0 : Files.size(target);
      }
    }
    return new Size(files, bytes);
  }

  /** SHA-256 over all paths in order, with the content, link text and executable bit of each. */
  static String digest(Path root) throws IOException, NoSuchAlgorithmException {
    var tree = MessageDigest.getInstance("SHA-256");
    try (var paths = Files.walk(root)) {
      for (var path : paths.sorted().toList()) {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          tree.update((root.relativize(path) + "\0" + describe(path) + "\n").getBytes());
        }
      }
    }
    return HexFormat.of().formatHex(tree.digest());
  }

  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException problem)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String describe(Path path) throws IOException, NoSuchAlgorithmException {
    if (Files.isSymbolicLink(path)) {
      return "link " + Files.readSymbolicLink(path);
    }
    var content = MessageDigest.getInstance("SHA-256");
    try (var in = Files.newInputStream(path)) {
      var buffer = new byte[1 << 16];
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        content.update(buffer, 0, count);
      }
    }
    return (Files.isExecutable(path) ? "executable " : "file ")
        + HexFormat.of().formatHex(content.digest());
  }
}
