package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One file as an info dictionary lists it (BEP 3, BEP 47).
 *
 * @param path from the torrent's root; empty if the dictionary has none
 * @param linkTarget from the torrent's root; null unless it is a link
 */
record FileEntry(
    FileKind kind, boolean executable, long length, String path, @Nullable String linkTarget) {
  private static final int MAX_ATTRIBUTES = 16;

  /** Reads a dictionary of {@code files}, or the info dictionary of a single-file torrent. */
  static FileEntry read(BencodeReader in) throws IOException {
    var fields = new Fields();
    in.dictionary(
        key -> {
          switch (key) {
            case "attr" -> fields.attributes = in.text(MAX_ATTRIBUTES);
            case "length" -> fields.length = in.integer();
            case "path" -> fields.path = path(in);
            case "symlink path" -> fields.target = path(in);
            default -> {}
          }
        });
    return fields.toEntry();
  }

  private static String path(BencodeReader in) throws IOException {
    var path = new StringJoiner("/");
    in.list(
        () -> {
          var component = in.text(TorrentPath.MAX_COMPONENT_BYTES);
          TorrentPath.checkComponent(component);
          path.add(component);
          TorrentPath.checkLength(path.length());
        });
    TorrentPath.checkLength(path.toString().getBytes(StandardCharsets.UTF_8).length);
    return path.toString();
  }

  private static final class Fields {
    String attributes = "";
    long length = -1;
    String path = "";
    @Nullable String target;

    FileEntry toEntry() throws MetainfoException {
      var kind = kind();
      if (kind == FileKind.LINK && target == null) {
        throw new MetainfoException("link " + path + " has no target");
      }
      if (kind == FileKind.LINK && length == -1) {
        length = 0;
      }
      if (length < 0 || (kind == FileKind.LINK && length > 0)) {
        throw new MetainfoException(
            (path.isEmpty() ? "a file" : "file " + path) + " has no usable length");
      }
      return new FileEntry(
          kind,
          kind == FileKind.FILE && attributes.indexOf('x') >= 0,
          length,
          path,
          kind == FileKind.LINK ? target : null);
    }

    private FileKind kind() {
      if (attributes.indexOf('p') >= 0) {
        return FileKind.PAD;
      }
      return attributes.indexOf('l') >= 0 ? FileKind.LINK : FileKind.FILE;
    }
  }
}
