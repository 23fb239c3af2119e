package dev.corvid.bittorrent.webseed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import org.junit.jupiter.api.Test;

class WebRangeTest {
  private static final int PIECE = 16 << 10;

  @Test
  void asksEachFileForItsPartAndNobodyForPadding() throws Exception {
    var builder = new InfoBuilder("top", PIECE);
    builder.file("a/first file", PIECE + 100, false);
    builder.file("b", 2 * PIECE, false);
    var metainfo = builder.build(new byte[20 * builder.pieceCount()]);

    var ranges = WebRange.of(metainfo, PIECE, 2 * PIECE);

    assertThat(ranges)
        .containsExactly(
            new WebRange(0, PIECE, 100, false),
            new WebRange(1, 0, PIECE - 100, true),
            new WebRange(2, 0, PIECE, false));
  }
}
