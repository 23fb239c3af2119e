package dev.corvid.store;

import dev.corvid.wire.Printable;
import dev.corvid.wire.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The rules for paths and links of a revision: what passes stays inside it, on every file system
 * and by way of every other link of it.
 */
public final class ContentPath {
  /** Where the manifest stands in the torrent; no content may be called so. */
  public static final String MANIFEST = ".corvid-manifest";

  /** Linux takes 4,095 in one call; a node has the path of its root before it. */
  private static final int MAX_BYTES = 3500;

  /** What XFS takes, the least of the file systems of nodes. */
  private static final int MAX_LINK_BYTES = 1023;

  private static final int MAX_COMPONENT_BYTES = 255;

  /** Bounds the recursion of clean-up, and the directories that are open at once. */
  private static final int MAX_DEPTH = 128;

  private ContentPath() {}

  /**
   * @return the path's bytes in UTF-8
   */
  public static byte[] check(String path) throws StoreException {
    var bytes = utf8(path, path, MAX_BYTES);
    if (path.equals(MANIFEST)) {
      throw invalid(path, "is a name that Corvid keeps for the manifest");
    }
    var components = path.split("/", -1);
    if (components.length > MAX_DEPTH) {
      throw invalid(path, "is deeper than " + MAX_DEPTH + " directories");
    }
    for (var component : components) {
      if (component.isEmpty() || component.equals(".") || component.equals("..")) {
        throw invalid(path, "is not a plain relative path; '', '.' and '..' cannot be components");
      }
      if (component.length() * 3 > MAX_COMPONENT_BYTES
          && utf8(component, path, MAX_BYTES).length > MAX_COMPONENT_BYTES) {
        throw invalid(path, "has a component of more than " + MAX_COMPONENT_BYTES + " bytes");
      }
    }
    return bytes;
  }

  /**
   * Where a link points, from the revision's root; empty for the root itself.
   *
   * <p>Going up is allowed only at the beginning of the text, where it climbs real directories:
   * {@code a/..} may lead anywhere once {@code a} is a link.
   */
  public static String linkTarget(String path, String text) throws StoreException {
    utf8(text, path, MAX_LINK_BYTES);
    if (text.isEmpty() || text.startsWith("/")) {
      throw invalid(path, "links to '" + text + "'; only relative links are kept");
    }
    Deque<String> at = new ArrayDeque<>();
    var parents = path.split("/");
    for (var i = 0; i < parents.length - 1; i++) {
      at.addLast(parents[i]);
    }
    var descended = false;
    for (var component : text.split("/")) {
      switch (component) {
        case "", "." -> {}
        case ".." -> {
          if (descended || at.pollLast() == null) {
            throw invalid(
                path,
                "links to '" + Printable.name(text) + "', which may lead out of the revision");
          }
        }
        default -> {
          descended = true;
          at.addLast(component);
        }
      }
    }
    return String.join("/", at);
  }

  private static byte[] utf8(String text, String path, int maximum) throws StoreException {
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw invalid(path, "is not valid Unicode");
    }
    if (bytes.remaining() > maximum) {
      var what = maximum == MAX_LINK_BYTES ? "links to a text that is" : "is";
      throw invalid(path, "%s longer than %,d bytes".formatted(what, maximum));
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid(path, "contains NUL, or links to what does");
    }
    var exact = new byte[bytes.remaining()];
    bytes.get(exact);
    return exact;
  }

  private static StoreException invalid(String path, String what) {
    return new StoreException(
        Reason.InvalidContent, "the path '" + Printable.name(path) + "' " + what);
  }
}
