package dev.corvid.e2e.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code SwitchReader DIRECTORY}: reads a release over and over while it is switched. Every file of
 * one revision holds the same text; a pass that meets two texts has seen a mixture. Ends well when
 * it reads {@value #LAST}.
 */
public final class SwitchReader {
  static final String LAST = "last";

  /** Readers that never rest would take the processors from whoever switches. */
  private static final long PAUSE_NANOS = 20_000_000;

  private SwitchReader() {}

  public static void main(String[] arguments) throws IOException {
    var directory = Path.of(arguments[0]);
    var seen = new HashSet<String>();
    long passes = 0;
    long switches = 0;
    String before = "";
    while (!before.equals(LAST)) {
      // A single open through `current`, which must always succeed.
      Files.readString(directory.resolve("current/VERSION"));
      // A pass: `current` is resolved once.
      var text = pass(directory.resolve(Files.readSymbolicLink(directory.resolve("current"))));
      passes++;
      LockSupport.parkNanos(PAUSE_NANOS);
      if (!text.equals(before)) {
        switches++;
        seen.add(text);
        before = text;
        System.out.println("now " + text);
      }
    }
    System.out.println(
        passes + " passes over " + seen.size() + " revisions, " + switches + " switches seen");
  }

  private static String pass(Path revision) throws IOException {
    try (Stream<Path> paths = Files.walk(revision)) {
      var texts = new HashSet<String>();
      int files = 0;
      for (var path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        texts.add(Files.readString(path));
        files++;
      }
      if (texts.size() != 1 || files < 2) {
        throw new IllegalStateException(
            revision + " is a mixture: " + files + " files hold " + texts);
      }
      return texts.iterator().next();
    }
  }
}
