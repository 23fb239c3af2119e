package dev.corvid.store.manifest;

import dev.corvid.bittorrent.metainfo.LinkText;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The rules for paths and links of a revision: what passes stays inside it, on every file system
 * and by way of every other link of it.
 */
public final class ContentPath {
  /** Where the manifest stands in the torrent; no content may be called so, or be below it. */
  public static final String MANIFEST = ".corvid-manifest";

  /** Linux takes 4,095 in one call; a node has the path of its root before it. */
  private static final int MAX_BYTES = 3500;

  private static final int MAX_COMPONENT_BYTES = 255;

  /** Bounds the recursion of clean-up, and the directories that are open at once. */
  private static final int MAX_DEPTH = 128;

  private ContentPath() {}

  /**
   * @return the path's bytes in UTF-8
   */
  public static byte[] check(String path) throws StoreException {
    var bytes = utf8(path, path);
    var components = path.split("/", -1);
    if (components[0].equals(MANIFEST)) {
      throw invalid(path, "is a name that Corvid keeps for the manifest");
    }
    if (components.length > MAX_DEPTH) {
      throw invalid(path, "is deeper than " + MAX_DEPTH + " directories");
    }
    for (var component : components) {
      if (component.isEmpty() || component.equals(".") || component.equals("..")) {
        throw invalid(path, "is not a plain relative path; '', '.' and '..' cannot be components");
      }
      if (component.length() * 3 > MAX_COMPONENT_BYTES
          && utf8(component, path).length > MAX_COMPONENT_BYTES) {
        throw invalid(path, "has a component of more than " + MAX_COMPONENT_BYTES + " bytes");
      }
    }
    return bytes;
  }

  /** Where a link points, from the revision's root; empty for the root itself. */
  public static String linkTarget(String path, String text) throws StoreException {
    try {
      return LinkText.target(path, text);
    } catch (MetainfoException e) {
      throw invalid(path, Printable.name(e.getMessage()));
    }
  }

  /**
   * Whether a link is absolute, or may lead out of the revision by itself or through another link.
   *
   * @throws StoreException if it breaks the rules in another way
   */
  public static boolean leadsOut(String path, String text) throws StoreException {
    try {
      return LinkText.leadsOut(path, text);
    } catch (MetainfoException e) {
      throw invalid(path, Printable.name(e.getMessage()));
    }
  }

  private static byte[] utf8(String text, String path) throws StoreException {
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw invalid(path, "is not valid Unicode");
    }
    if (bytes.remaining() > MAX_BYTES) {
      throw invalid(path, "is longer than %,d bytes".formatted(MAX_BYTES));
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid(path, "contains NUL");
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
