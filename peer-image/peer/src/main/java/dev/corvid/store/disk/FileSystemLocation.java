package dev.corvid.store.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a directory is on its file system, whatever links and bind mounts lead there: a container
 * sees each root as a separate mount, and only this shows that one is inside another. Source:
 * {@code /proc/self/mountinfo}, see proc(5).
 *
 * @param device major and minor number of the file system
 * @param path from the top of that file system
 */
public record FileSystemLocation(String device, Path path) {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
  private static final int OCTAL = 8;

  private record Mount(String id, String parent, String device, Path top, Path point) {
    static Mount of(String line) {
      var fields = line.split(" ", 6);
      return new Mount(
          fields[0],
          fields[1],
          fields[2],
          Path.of(unescaped(fields[3])),
          Path.of(unescaped(fields[4])));
    }

    boolean isOn(Mount other) {
      return parent.equals(other.id) && !id.equals(other.id);
    }
  }

  /**
   * @throws IOException if the directory is not there, or the kernel does not tell
   */
  public static FileSystemLocation of(Path directory) throws IOException {
    var mounts = new String(Files.readAllBytes(MOUNTS), StandardCharsets.UTF_8);
    return of(directory.toRealPath(), mounts.lines().toList());
  }

  /**
   * Crosses from mount to mount as the kernel does when it looks up a path: what was mounted on a
   * directory before another was mounted over that, or over a directory above, is not met.
   *
   * @param real without links
   */
  public static FileSystemLocation of(Path real, List<String> mounts) throws IOException {
    var above = mounts.stream().map(Mount::of).filter(each -> real.startsWith(each.point)).toList();
    var found =
        first(above.stream().filter(each -> above.stream().noneMatch(each::isOn)))
            .orElseThrow(() -> new IOException(MOUNTS + " has no mount of " + real));
    for (var steps = above.size(); steps > 0; steps--) {
      var current = found;
      found = first(above.stream().filter(each -> each.isOn(current))).orElse(current);
    }
    var path = found.top.resolve(found.point.relativize(real)).normalize();
    return new FileSystemLocation(found.device, path);
  }

  /** The one that the lookup meets first. */
  private static Optional<Mount> first(Stream<Mount> mounts) {
    return mounts.min(Comparator.comparingInt(each -> each.point.getNameCount()));
  }

  /** Whether they are the same directory, or one is in the other. */
  public boolean overlaps(FileSystemLocation other) {
    return device.equals(other.device)
        && (path.startsWith(other.path) || other.path.startsWith(path));
  }

  private static String unescaped(String field) {
    return ESCAPED
        .matcher(field)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    Character.toString(Integer.parseInt(match.group(1), OCTAL))));
  }
}
