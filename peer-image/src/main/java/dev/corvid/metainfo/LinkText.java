package dev.corvid.metainfo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The two ways to say where a symbolic link points: BEP 47 counts from the torrent's root, a link
 * on disk from its own directory. Going up is only ever at the beginning of the text, where it
 * climbs real directories, so that a link cannot leave the tree by way of another link.
 */
final class LinkText {
  private LinkText() {}

  /** The target from the root; empty for the root itself. */
  static String toRoot(String linkPath, String text) throws MetainfoException {
    if (text.isEmpty() || text.startsWith("/") || text.indexOf('\0') >= 0) {
      throw new MetainfoException("link " + linkPath + " points to '" + text + "', not inside");
    }
    Deque<String> at = new ArrayDeque<>();
    var parent = parent(linkPath);
    if (!parent.isEmpty()) {
      at.addAll(List.of(parent.split("/")));
    }
    for (var component : text.split("/")) {
      switch (component) {
        case "", "." -> {}
        case ".." -> {
          if (at.pollLast() == null) {
            throw new MetainfoException("link " + linkPath + " points outside: " + text);
          }
        }
        default -> at.addLast(component);
      }
    }
    return String.join("/", at);
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
