package dev.corvid.bittorrent.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.fuzz.HostileBytes;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged torrents: each is refused, or harmless in all that it says. */
@Tag("slow")
class MetainfoFuzzTest {
  @Test
  void torrents() throws Exception {
    var tree = tree().layout();
    var trackers = List.of(List.of("http://a/announce"), List.of("http://b/", "http://c/"));
    HostileBytes.like(
            new TorrentFile(tree, trackers, List.of("http://d/")).encode(),
            new TorrentFile(file(), List.of(), List.of()).encode())
        .refusedBy(MetainfoException.class)
        .into(75_000, bytes -> isHarmless(TorrentFile.parse(bytes).metainfo()));
  }

  @Test
  void infoDictionaries() throws Exception {
    HostileBytes.like(bytes(tree().layout()), bytes(file()))
        .refusedBy(MetainfoException.class)
        .into(50_000, bytes -> isHarmless(Metainfo.ofInfo(bytes)));
  }

  /** Well-formed ones whose fields lie. */
  @Test
  void infoDictionariesThatAreWellFormedAndHostile() throws Exception {
    HostileBytes.like(seedOfAHarmlessOne())
        .refusedBy(MetainfoException.class)
        .into(75_000, seed -> isHarmless(Metainfo.ofInfo(HostileInfo.of(seed))));
  }

  private static byte[] seedOfAHarmlessOne() {
    for (var number = 0; ; number++) {
      var seed = ByteBuffer.allocate(64).putInt(number).array();
      try {
        Metainfo.ofInfo(HostileInfo.of(seed));
        return seed;
      } catch (MetainfoException e) {
        // Try the next.
      }
    }
  }

  private static void isHarmless(Metainfo info) {
    var paths = new HashSet<String>();
    var end = 0L;
    for (var file = 0; file < info.fileCount(); file++) {
      assertThat(info.offset(file)).isEqualTo(end);
      assertThat(info.length(file)).isNotNegative();
      end += info.length(file);
      if (info.kind(file) == FileKind.PAD) {
        continue;
      }
      var names = List.of(info.path(file).split("/", -1));
      assertThat(names).doesNotContain("", ".", "..");
      assertThat(paths.add(info.path(file))).as("%s occurs once", info.path(file)).isTrue();
      if (info.kind(file) == FileKind.LINK) {
        staysInside(names.size() - 1, info.linkText(file));
      }
    }
    for (var path : paths) {
      for (var at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
        assertThat(paths).doesNotContain(path.substring(0, at));
      }
    }
    assertThat(info.totalLength()).isEqualTo(end);
    assertThat((long) info.pieceCount()).isEqualTo(Math.ceilDiv(end, info.pieceLength()));
    for (var piece = 0; piece < Math.min(10, info.pieceCount()); piece++) {
      assertThat(info.pieceMatches(piece, info.pieceHash(piece))).isTrue();
      assertThat(info.pieceLength(piece)).isBetween(1, info.pieceLength());
    }
  }

  /** Whoever follows a link's text climbs no higher than where the torrent begins. */
  private static void staysInside(int depth, String text) {
    assertThat(text).isNotEmpty().doesNotStartWith("/");
    for (var name : text.split("/")) {
      depth += name.equals("..") ? -1 : name.equals(".") ? 0 : 1;
    }
    var up = 0;
    for (var name : text.split("/")) {
      if (name.equals("..")) {
        up++;
      }
    }
    assertThat(depth).isNotNegative();
    assertThat(text).startsWith("../".repeat(Math.max(0, up - 1)));
  }

  private static InfoBuilder tree() throws MetainfoException {
    return new InfoBuilder("tree", 16)
        .makePrivate()
        .file("bin/run", 20, true)
        .link("latest", "bin/run")
        .link("docs/a/top", "../..")
        .file("docs/a/readme", 2, false)
        .file("large", 30, false);
  }

  private static Metainfo file() throws MetainfoException {
    return new InfoBuilder("file", 16).onlyFile(40, true).layout();
  }

  private static byte[] bytes(Metainfo info) {
    var bytes = new byte[info.infoBytes().remaining()];
    info.infoBytes().get(bytes);
    return bytes;
  }
}
