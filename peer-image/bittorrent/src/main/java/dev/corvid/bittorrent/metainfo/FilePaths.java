package dev.corvid.bittorrent.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Checks that the paths of a torrent can all exist at once on a file system. */
final class FilePaths {
  private FilePaths() {}

  /** Refuses a path that occurs twice, and a path below another one. Reorders the list. */
  static void checkDisjoint(List<byte[]> paths) throws MetainfoException {
    for (var path : paths) {
      // NUL, which no path has, sorts what is below a path directly after it
      replace(path, '/', '\0');
    }
    paths.sort(Arrays::compareUnsigned);
    for (var i = 1; i < paths.size(); i++) {
      var path = paths.get(i);
      var before = paths.get(i - 1);
      if (Arrays.equals(before, path)) {
        throw new MetainfoException("two files have the path " + text(path));
      }
      if (before.length < path.length
          && path[before.length] == '\0'
          && Arrays.mismatch(before, path) == before.length) {
        throw new MetainfoException(text(path) + " is below a path that is no directory");
      }
    }
  }

  private static String text(byte[] path) {
    replace(path, '\0', '/');
    return new String(path, StandardCharsets.UTF_8);
  }

  private static void replace(byte[] path, char from, char to) {
    for (var i = 0; i < path.length; i++) {
      if (path[i] == from) {
        path[i] = (byte) to;
      }
    }
  }
}
