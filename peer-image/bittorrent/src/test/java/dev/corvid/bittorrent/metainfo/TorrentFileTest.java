package dev.corvid.bittorrent.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TorrentFileTest {
  private static final String INFO = "4:infod6:lengthi0e4:name1:a12:piece lengthi16e6:pieces0:e";

  @Test
  void survivesARoundTrip() throws MetainfoException {
    var info = new InfoBuilder("tree", 16).file("a", 3, false).layout();
    var torrent =
        new TorrentFile(
            info,
            List.of(List.of("http://a/announce", "http://b/announce"), List.of("http://c/")),
            List.of("http://mirror/"));

    var read = TorrentFile.parse(torrent.encode());

    assertThat(read.metainfo().infoHash()).isEqualTo(info.infoHash());
    assertThat(read.trackers()).isEqualTo(torrent.trackers());
    assertThat(read.webSeeds()).isEqualTo(torrent.webSeeds());
  }

  @Test
  void writesOneTrackerWithoutAList() throws MetainfoException {
    var info = new InfoBuilder("tree", 16).layout();
    var bytes = new TorrentFile(info, List.of(List.of("http://a/")), List.of()).encode();

    assertThat(new String(bytes, ISO_8859_1)).startsWith("d8:announce9:http://a/4:info");
    assertThat(TorrentFile.parse(bytes).trackers()).containsExactly(List.of("http://a/"));
  }

  @Test
  void prefersTheListToTheSingleTracker() throws MetainfoException {
    var torrent = parse("d8:announce1:x13:announce-listll1:y1:zelee" + INFO + "e");

    assertThat(torrent.trackers()).containsExactly(List.of("y", "z"));
  }

  @Test
  void takesAWebSeedThatIsNotAList() throws MetainfoException {
    assertThat(parse("d" + INFO + "8:url-list3:uvwe").webSeeds()).containsExactly("uvw");
  }

  @Test
  void refusesMoreTiersThanAnybodyCouldTry() {
    assertThatThrownBy(() -> parse("d13:announce-listl" + "le".repeat(1000) + "e" + INFO + "e"))
        .hasMessage("more than 64 tiers of trackers");
  }

  @Test
  void refusesATorrentWithoutInfo() {
    assertThatThrownBy(() -> parse("d8:announce1:xe")).hasMessageContaining("no info dictionary");
  }

  @Test
  void refusesWhatIsNotATorrent() {
    assertThatThrownBy(() -> parse("<html>"))
        .isInstanceOf(MetainfoException.class)
        .hasMessage("not a torrent: expected a dictionary (byte 0)");
  }

  private static TorrentFile parse(String torrent) throws MetainfoException {
    return TorrentFile.parse(torrent.getBytes(ISO_8859_1));
  }
}
