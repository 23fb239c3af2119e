package dev.corvid.e2e.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code Reader DIRECTORY}: reads all of a release and tries to change it. */
public final class Reader {
  private Reader() {}

  /** Prints each entry, and each change that was possible, which should be none. */
  public static void main(String[] arguments) throws IOException {
    var directory = Path.of(arguments[0]);
    var current = directory.resolve(Files.readSymbolicLink(directory.resolve("current")));
    Tree.read(current).entries().forEach((path, what) -> System.out.println(what + " " + path));
    for (var file : samples(current)) {
      attempt("overwrite " + file, () -> Files.writeString(file, "changed"));
      attempt("delete " + file, () -> Files.delete(file));
      attempt("make executable " + file, () -> makeWritable(file));
    }
    attempt("create in the revision", () -> Files.createFile(current.resolve("new")));
    attempt("create beside the revisions", () -> Files.createFile(directory.resolve("new")));
    attempt("switch", () -> Files.delete(directory.resolve("current")));
  }

  private static List<Path> samples(Path current) throws IOException {
    try (Stream<Path> paths = Files.walk(current)) {
      return paths.filter(path -> Files.isRegularFile(path)).limit(5).toList();
    }
  }

  private static void makeWritable(Path file) throws IOException {
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private interface Change {
    void make() throws IOException;
  }

  private static void attempt(String what, Change change) {
    try {
      change.make();
      System.out.println("CHANGED: " + what);
    } catch (IOException e) {
      // As it should be.
    }
  }
}
