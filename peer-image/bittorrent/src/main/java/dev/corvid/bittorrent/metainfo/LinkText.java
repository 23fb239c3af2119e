package dev.corvid.bittorrent.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The text of a symbolic link, and the one rule for it. BEP 47 counts from the torrent's root, a
 * link on disk from its own directory.
 *
 * <p>A text is relative, of at most {@link #MAX_BYTES}, and stays inside the tree. Going up is
 * allowed only at its beginning, where it climbs real directories: {@code a/..} may lead anywhere
 * once {@code a} is a link.
 */
public final class LinkText {
  /** What XFS takes, the least of the file systems of nodes. */
  public static final int MAX_BYTES = 1023;

  private LinkText() {}

  /**
   * Where a link points, from the root; empty for the root itself.
   *
   * @param linkPath where the link stands, a valid path from the root
   * @throws MetainfoException if the text breaks the rule; its message continues a sentence that
   *     begins with the link's name
   */
  public static String target(String linkPath, String text) throws MetainfoException {
    checkText(text);
    if (text.startsWith("/")) {
      throw onlyRelative(text);
    }
    return targetInside(linkPath, text)
        .orElseThrow(
            () -> new MetainfoException("links to '" + text + "', which may lead out of the tree"));
  }

  /**
   * Whether a link is absolute, or may lead out of the tree by itself or through another link.
   *
   * @throws MetainfoException if the text breaks the rule in another way
   */
  public static boolean leadsOut(String linkPath, String text) throws MetainfoException {
    checkText(text);
    return text.startsWith("/") || targetInside(linkPath, text).isEmpty();
  }

  private static Optional<String> targetInside(String linkPath, String text) {
    Deque<String> at = new ArrayDeque<>();
    var parent = parent(linkPath);
    if (!parent.isEmpty()) {
      at.addAll(List.of(parent.split("/")));
    }
    var descended = false;
    for (var component : text.split("/")) {
      switch (component) {
        case "", "." -> {}
        case ".." -> {
          if (descended || at.pollLast() == null) {
            return Optional.empty();
          }
        }
        default -> {
          descended = true;
          at.addLast(component);
        }
      }
    }
    return Optional.of(String.join("/", at));
  }

  private static void checkText(String text) throws MetainfoException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MetainfoException("links to a text that is not valid Unicode");
    }
    checkLength(text);
    if (text.indexOf('\0') >= 0) {
      throw new MetainfoException("links to a text that contains NUL");
    }
    if (text.isEmpty()) {
      throw onlyRelative(text);
    }
  }

  private static MetainfoException onlyRelative(String text) {
    return new MetainfoException("links to '" + text + "'; only relative links are kept");
  }

  static void checkLength(String text) throws MetainfoException {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new MetainfoException("links to a text that is longer than 1,023 bytes");
    }
  }

  /** The shortest text for a link at {@code linkPath}. */
  static String fromRoot(String linkPath, String target) {
    var from = parent(linkPath).isEmpty() ? new String[0] : parent(linkPath).split("/");
    var to = target.isEmpty() ? new String[0] : target.split("/");
    var shared = 0;
    while (shared < from.length && shared < to.length && from[shared].equals(to[shared])) {
      shared++;
    }
    Deque<String> text = new ArrayDeque<>();
    for (var i = shared; i < from.length; i++) {
      text.addLast("..");
    }
    for (var i = shared; i < to.length; i++) {
      text.addLast(to[i]);
    }
    return text.isEmpty() ? "." : String.join("/", text);
  }

  private static String parent(String path) {
    var slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }
}
