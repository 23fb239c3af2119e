package dev.corvid.e2e.scenario.fault;

import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the disks of all nodes hold of a release, by path: inode, size and time of each file, text
 * of each link. Equal before and after, not a byte was removed, and none written anew.
 */
record Disks(SortedMap<String, String> entries) {
  static Disks of(Tenant tenant, String name) throws IOException {
    var entries = new TreeMap<String, String>();
    for (var node : Lab.NODES) {
      var folder = tenant.folder(node, name);
      try (var paths = Files.walk(folder)) {
        paths
            .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
            .forEach(path -> entries.put(node + "/" + folder.relativize(path), identity(path)));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return new Disks(entries);
  }

  private static String identity(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return "link to " + Files.readSymbolicLink(path);
      }
      return Files.readAttributes(path, "unix:ino,size,lastModifiedTime").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
