package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an info dictionary, read and checked.
 *
 * @param pieces the concatenated SHA-1 hashes, a view of the dictionary
 */
record InfoReader(
    String name,
    int pieceLength,
    ByteBuffer pieces,
    boolean isPrivate,
    boolean isSingleFile,
    FileTable files) {
  private static final int MAX_PIECE_LENGTH = 64 << 20;

  static InfoReader read(ByteBuffer info) throws IOException {
    var fields = new Fields();
    var in = new BencodeReader(info.duplicate());
    in.dictionary(
        key -> {
          switch (key) {
            case "files" -> fields.files = FileTable.read(info, in);
            case "length" -> fields.hasLength = true;
            case "name" -> fields.name = in.text(TorrentPath.MAX_COMPONENT_BYTES);
            case "piece length" -> fields.pieceLength = in.integer();
            case "pieces" -> fields.pieces = in.slice();
            case "private" -> fields.isPrivate = in.integer() == 1;
            default -> {}
          }
        });
    in.end();
    return fields.check(info);
  }

  private static final class Fields {
    @Nullable String name;
    long pieceLength;
    @Nullable ByteBuffer pieces;
    boolean isPrivate;
    boolean hasLength;
    @Nullable FileTable files;

    InfoReader check(ByteBuffer info) throws IOException {
      if (name == null) {
        throw new MetainfoException("the info dictionary has no name");
      }
      TorrentPath.checkComponent(name);
      if (pieces == null) {
        throw new MetainfoException("no piece hashes: a BitTorrent v2 torrent is not supported");
      }
      if (pieceLength < 1 || pieceLength > MAX_PIECE_LENGTH) {
        throw new MetainfoException("a piece length of " + pieceLength + " bytes");
      }
      if (hasLength == (files != null)) {
        throw new MetainfoException("either one length or a list of files is needed");
      }
      var table = files != null ? files : FileTable.single(info, name);
      checkPieces(pieces, table.totalLength());
      return new InfoReader(name, (int) pieceLength, pieces, isPrivate, hasLength, table);
    }

    private void checkPieces(ByteBuffer pieces, long totalLength) throws MetainfoException {
      var needed = Math.ceilDiv(totalLength, pieceLength);
      if (pieces.remaining() % Sha1.LENGTH != 0 || pieces.remaining() / Sha1.LENGTH != needed) {
        throw new MetainfoException(
            "%d bytes of piece hashes, but %d bytes of content need %d hashes"
                .formatted(pieces.remaining(), totalLength, needed));
      }
    }
  }
}
