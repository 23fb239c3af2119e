package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.cli.process.Failure;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a whole content back from disk and compares it with the torrent. */
final class Verification {
  private Verification() {}

  /**
   * @throws Failure if the content differs, saying how much of it
   */
  static @Nullable Void of(Metainfo metainfo, Storage storage)
      throws IOException, InterruptedException, Failure {
    var hashes =
        new PieceHasher(Runtime.getRuntime().availableProcessors())
            .hash(storage::read, metainfo.totalLength(), metainfo.pieceLength(), _ -> {});
    var different = 0;
    for (var piece = 0; piece < metainfo.pieceCount(); piece++) {
      var from = piece * 20;
      if (!metainfo.pieceMatches(piece, Arrays.copyOfRange(hashes, from, from + 20))) {
        different++;
      }
    }
    if (different > 0) {
      throw new Failure(
          "%d of %d pieces on disk differ from the torrent"
              .formatted(different, metainfo.pieceCount()));
    }
    return null;
  }
}
