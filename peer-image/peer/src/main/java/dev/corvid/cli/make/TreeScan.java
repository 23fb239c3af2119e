package dev.corvid.cli.make;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.cli.process.Failure;
import dev.corvid.seeder.unpack.FileFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files and links below a directory that a filter takes, in the order of their paths' bytes. A
 * directory {@code .git} is left out unless it is asked for.
 */
final class TreeScan {
  private static final Path GIT = Path.of(".git");

  private record Found(String path, byte[] order, Path file, BasicFileAttributes attributes) {}

  private final Path root;
  private final FileFilter filter;
  private final boolean keepGit;
  private final List<Found> found = new ArrayList<>();
  private final Set<Path> emptyDirectories = new HashSet<>();
  private final List<String> gitDirectories = new ArrayList<>();

  private TreeScan(Path root, FileFilter filter, boolean keepGit) {
    this.root = root;
    this.filter = filter;
    this.keepGit = keepGit;
  }

  static TreeScan of(Path root, FileFilter filter, boolean keepGit) throws IOException, Failure {
    var scan = new TreeScan(root, filter, keepGit);
    Files.walkFileTree(root, scan.new Visitor());
    scan.found.sort((a, b) -> Arrays.compareUnsigned(a.order, b.order));
    for (var entry : scan.found) {
      if (entry.attributes.isOther()) {
        throw new Failure(
            entry.file
                + " is neither a file nor a link; a torrent cannot hold it; leave it out by --exclude");
      }
      if (!isText(entry.path, root.relativize(entry.file))) {
        throw notText("the name of " + entry.file, "rename it");
      }
      if (entry.attributes.isSymbolicLink()) {
        var text = Files.readSymbolicLink(entry.file);
        if (!isText(text.toString(), text)) {
          throw notText("the target of the link %s".formatted(entry.file), "replace it");
        }
      }
    }
    return scan;
  }

  /**
   * @param name the last component of the path of what is published
   * @throws Failure if its bytes are not text
   */
  static String nameOf(Path name) throws Failure {
    if (!isText(name.toString(), name)) {
      throw notText("the name of " + name, "rename it");
    }
    return name.toString();
  }

  private static Failure notText(String what, String remedy) {
    return new Failure(
        "%s is not text: %s, or set the encoding of names with LC_ALL=C.UTF-8"
            .formatted(what, remedy));
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

  List<ScannedFile> files() {
    return found.stream()
        .filter(entry -> entry.attributes.isRegularFile())
        .map(entry -> ScannedFile.of(entry.file, entry.attributes))
        .toList();
  }

  /** Directories that a torrent cannot name, as nothing is in them. */
  int emptyDirectories() {
    return emptyDirectories.size();
  }

  /** Directories {@code .git} that were left out. */
  List<String> gitDirectories() {
    return gitDirectories;
  }

  boolean isEmpty() {
    return found.isEmpty();
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
      if (directory.equals(root)) {
        emptyDirectories.add(directory);
        return FileVisitResult.CONTINUE;
      }
      isNotEmpty(directory.getParent());
      if (isUnwantedGit(directory)) {
        gitDirectories.add(path(directory));
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (filter.excludes(components(directory))) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (filter.takes(components(directory))) {
        emptyDirectories.add(directory);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      isNotEmpty(file.getParent());
      if (filter.takes(components(file))) {
        var path = path(file);
        found.add(new Found(path, path.getBytes(StandardCharsets.UTF_8), file, attributes));
      }
      return FileVisitResult.CONTINUE;
    }

    /** What cannot be read may be left out for that very reason. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
      boolean isDirectory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
      if (!file.equals(root)
          && (isDirectory
              ? isUnwantedGit(file) || filter.excludes(components(file))
              : !filter.takes(components(file)))) {
        isNotEmpty(file.getParent());
        return FileVisitResult.CONTINUE;
      }
      throw cause;
    }

    private boolean isUnwantedGit(Path directory) {
      return !keepGit && directory.endsWith(GIT);
    }

    private List<String> components(Path file) {
      var components = new ArrayList<String>();
      root.relativize(file).forEach(component -> components.add(component.toString()));
      return components;
    }

    private String path(Path file) {
      return root.relativize(file).toString();
    }

    private void isNotEmpty(@Nullable Path directory) {
      for (var at = directory; at != null && at.startsWith(root); at = at.getParent()) {
        emptyDirectories.remove(at);
      }
    }
  }
}
