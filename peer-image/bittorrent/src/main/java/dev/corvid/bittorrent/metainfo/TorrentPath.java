package dev.corvid.bittorrent.metainfo;

import java.nio.charset.StandardCharsets;

/**
 * The rules for names from outside: what passes can be joined below a directory and stays there.
 */
final class TorrentPath {
  static final int MAX_COMPONENT_BYTES = 255;
  static final int MAX_PATH_BYTES = 4096;

  private TorrentPath() {}

  static void checkComponent(String component) throws MetainfoException {
    if (component.isEmpty()
        || component.equals(".")
        || component.equals("..")
        || component.indexOf('/') >= 0
        || component.indexOf('\0') >= 0) {
      throw new MetainfoException("'" + component + "' is not a usable file name");
    }
    if (component.getBytes(StandardCharsets.UTF_8).length > MAX_COMPONENT_BYTES) {
      throw new MetainfoException("a file name is longer than " + MAX_COMPONENT_BYTES + " bytes");
    }
  }

  static void checkLength(int bytes) throws MetainfoException {
    if (bytes > MAX_PATH_BYTES) {
      throw new MetainfoException("a path is longer than " + MAX_PATH_BYTES + " bytes");
    }
  }
}
