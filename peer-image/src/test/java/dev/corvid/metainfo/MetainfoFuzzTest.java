package dev.corvid.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged torrents: each is read or refused, within bounds, and nothing else is ever thrown. */
class MetainfoFuzzTest {
  private static final byte[] FRAGMENTS = "0123456789:-ield/.\0".getBytes();

  @Test
  void readsOrRefusesEveryDamagedTorrent() throws MetainfoException {
    var seed = Long.getLong("corvid.seed", 20260701L);
    var random = new Random(seed);
    var original = torrent();
    var refused = 0;
    for (var round = 0; round < 20_000; round++) {
      var bytes = damage(original.clone(), random);
      try {
        touchEverything(TorrentFile.parse(bytes));
      } catch (MetainfoException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(refused).isPositive();
  }

  private static byte[] damage(byte[] bytes, Random random) {
    for (var i = random.nextInt(1, 4); i > 0; i--) {
      var at = random.nextInt(bytes.length);
      if (random.nextBoolean()) {
        bytes[at] = FRAGMENTS[random.nextInt(FRAGMENTS.length)];
      } else {
        var from = random.nextInt(bytes.length);
        var length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, bytes, at, length);
      }
    }
    return bytes;
  }

  private static void touchEverything(TorrentFile torrent) {
    var info = torrent.metainfo();
    for (var file = 0; file < info.fileCount(); file++) {
      if (info.kind(file) != FileKind.PAD) {
        assertThat(List.of(info.path(file).split("/", -1))).doesNotContain("", ".", "..");
      }
      if (info.kind(file) == FileKind.LINK) {
        assertThat(info.linkText(file)).isNotEmpty();
      }
      assertThat(info.offset(file) + info.length(file)).isLessThanOrEqualTo(info.totalLength());
    }
    for (var piece = 0; piece < Math.min(10, info.pieceCount()); piece++) {
      assertThat(info.pieceMatches(piece, info.pieceHash(piece))).isTrue();
    }
  }

  private static byte[] torrent() throws MetainfoException {
    var info =
        new InfoBuilder("tree", 16)
            .makePrivate()
            .file("bin/run", 20, true)
            .link("latest", "bin/run")
            .file("docs/a/readme", 2, false)
            .file("large", 30, false)
            .layout();
    return new TorrentFile(info, List.of(List.of("http://a/announce")), List.of("http://b/"))
        .encode();
  }
}
