package dev.corvid.e2e.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that two trees must have in common to be the same release, by path: bytes and executable bit
 * of files, texts of links, empty directories. Two trees are compared with {@code equals}.
 */
public record Tree(SortedMap<String, String> entries) {
  public static final String EMPTY_DIRECTORY = "empty directory";

  /** What is on a disk; links are read, never followed. */
  public static Tree read(Path root) throws IOException {
    var tree = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(root)) {
      paths
          .filter(path -> !path.equals(root))
          .forEach(path -> describe(path, root.relativize(path).toString(), tree));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new Tree(tree);
  }

  private static void describe(Path path, String name, SortedMap<String, String> tree) {
    try {
      if (Files.isSymbolicLink(path)) {
        tree.put(name, link(Files.readSymbolicLink(path).toString()));
      } else if (Files.isRegularFile(path)) {
        tree.put(name, file(Files.isExecutable(path), digest(path)));
      } else if (isEmpty(path)) {
        tree.put(name, EMPTY_DIRECTORY);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  private static byte[] digest(Path file) throws IOException {
    var sha256 = sha256();
    try (var out = new DigestOutputStream(java.io.OutputStream.nullOutputStream(), sha256)) {
      Files.copy(file, out);
    }
    return sha256.digest();
  }

  /** How a file is described. */
  public static String file(boolean executable, byte[] sha256) {
    return (executable ? "program " : "file ") + HexFormat.of().formatHex(sha256);
  }

  /** How a link is described. */
  public static String link(String target) {
    return "link to " + target;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
