package dev.corvid.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a directory is on its file system, whatever links and bind mounts lead there: a container
 * sees each root as a mount of its own, and only this tells that one is in another. Source: {@code
 * /proc/self/mountinfo}, see proc(5).
 *
 * @param device major and minor number of the file system
 * @param path from the top of that file system
 */
public record FileSystemPlace(String device, Path path) {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
  private static final int OCTAL = 8;
  private static final int DEVICE = 2;
  private static final int TOP = 3;
  private static final int MOUNT_POINT = 4;

  /**
   * @throws IOException if the directory is not there, or the kernel does not tell
   */
  public static FileSystemPlace of(Path directory) throws IOException {
    var mounts = new String(Files.readAllBytes(MOUNTS), StandardCharsets.UTF_8);
    return of(directory.toRealPath(), mounts.lines().toList());
  }

  /**
   * @param real without links
   */
  static FileSystemPlace of(Path real, List<String> mounts) throws IOException {
    FileSystemPlace place = null;
    var longest = -1;
    for (var line : mounts) {
      var fields = line.split(" ");
      var point = Path.of(unescaped(fields[MOUNT_POINT]));
      // Of two mounts at one place the later one is seen.
      if (real.startsWith(point) && point.getNameCount() >= longest) {
        longest = point.getNameCount();
        var path = Path.of(unescaped(fields[TOP])).resolve(point.relativize(real)).normalize();
        place = new FileSystemPlace(fields[DEVICE], path);
      }
    }
    if (place == null) {
      throw new IOException(MOUNTS + " has no mount of " + real);
    }
    return place;
  }

  /** Whether they are the same directory, or one is in the other. */
  public boolean overlaps(FileSystemPlace other) {
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
