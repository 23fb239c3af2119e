package dev.corvid.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders that a bench made and takes away again. */
public final class Folders {
  private Folders() {}

  /** Deletes what a bench that was killed left: folders that end in the number of no process. */
  public static void deleteAbandoned(Path parent, String prefix) throws IOException {
    if (!Files.exists(parent)) {
      return;
    }
    try (var folders = Files.newDirectoryStream(parent, prefix + "*")) {
      for (var folder : folders) {
        var owner = folder.getFileName().toString().substring(prefix.length());
        if (owner.matches("\\d+") && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
          delete(folder);
        }
      }
    }
  }

  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var tree = Files.walk(folder)) {
      for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
