package dev.corvid.bittorrent.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries as clients send them, percent-encoding and all. */
class AnnounceRequestTest {
  /** 20 bytes, some of them no UTF-8 and some with a meaning in URLs. */
  private static final String HASH = "%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9a";

  private static final String QUERY = "info_hash=" + HASH + "&peer_id=-TR4050-abcdefghijkl";

  @Test
  void readsWhatTransmissionSends() throws AnnounceException {
    var request =
        AnnounceRequest.parse(
            QUERY
                + "&port=51413&uploaded=5&downloaded=7&left=1024&numwant=80&key=6a&compact=1"
                + "&supportcrypto=1&event=started");

    assertThat(request.infoHash().hex()).isEqualTo("123456789abcdef123456789abcdef123456789a");
    assertThat(request.port()).isEqualTo(51413);
    assertThat(request.uploaded()).isEqualTo(5);
    assertThat(request.downloaded()).isEqualTo(7);
    assertThat(request.left()).isEqualTo(1024);
    assertThat(request.wanted()).isEqualTo(80);
    assertThat(request.event()).isEqualTo(AnnounceEvent.STARTED);
    assertThat(request.compact()).isTrue();
    assertThat(request.seeds()).isFalse();
  }

  @Test
  void takesDefaultsForWhatIsMissing() throws AnnounceException {
    var request = AnnounceRequest.parse(QUERY + "&port=1");

    assertThat(request.event()).isEqualTo(AnnounceEvent.NONE);
    assertThat(request.wanted()).isEqualTo(AnnounceRequest.DEFAULT_WANTED);
    assertThat(request.seeds()).isFalse();
  }

  @Test
  void keepsAPlusAsAPlus() throws AnnounceException {
    var request =
        AnnounceRequest.parse("info_hash=++++++++++++++++++++&peer_id=++++++++++++++++++++&port=1");

    assertThat(request.infoHash().hex()).isEqualTo("2b".repeat(20));
  }

  @Test
  void readsBackWhatItWrites() throws AnnounceException {
    var random = new Random(1);
    var hash = new byte[20];
    for (var round = 0; round < 200; round++) {
      random.nextBytes(hash);
      var request =
          new AnnounceRequest(
              InfoHash.of(hash),
              PeerId.random(random),
              6881,
              1,
              2,
              0,
              AnnounceEvent.COMPLETED,
              7,
              true);

      assertThat(AnnounceRequest.parse(request.toQuery())).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port=1 | one info_hash",
        "info_hash=abc&port=1 | info_hash has 3 bytes",
        "info_hash=" + HASH + "&info_hash=" + HASH + "&port=1 | one info_hash",
        "info_hash=" + HASH + "&port=1 | peer_id",
        "info_hash=" + HASH + "&peer_id=short&port=1 | peer_id",
        QUERY + " | a port is needed",
        QUERY + "&port=0 | port is not a number from 1 to 65535",
        QUERY + "&port=65536 | port is not a number",
        QUERY + "&port=x | port is not a number",
        QUERY + "&port=1&left=-1 | left is not a number",
        QUERY + "&port=1&left=99999999999999999999 | left is not a number",
        QUERY + "&port=1&event=exploded | unknown event",
        "info_hash=%1 | a percent sign",
        "info_hash=%zz | a percent sign",
        "info_hash=%+1 | a percent sign",
      })
  void refusesWithAReason(String query, String reason) {
    assertThatThrownBy(() -> AnnounceRequest.parse(query))
        .isInstanceOf(AnnounceException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesEndlessQueries() {
    assertThatThrownBy(() -> AnnounceRequest.parse("a=1&".repeat(2000)))
        .hasMessageContaining("more than 128 parameters");
    assertThatThrownBy(() -> AnnounceRequest.parse("a=" + "1".repeat(9000)))
        .hasMessageContaining("longer than");
  }

  @Test
  void readsOrRefusesEveryDamagedQuery() {
    var random = new Random(Long.getLong("corvid.seed", 7L));
    var original = QUERY + "&port=51413&uploaded=5&left=1024&numwant=80&event=started";
    for (var round = 0; round < 20_000; round++) {
      var query = new StringBuilder(original);
      for (var i = random.nextInt(1, 5); i > 0; i--) {
        query.setCharAt(random.nextInt(query.length()), (char) random.nextInt(300));
      }
      try {
        AnnounceRequest.parse(query.toString());
      } catch (AnnounceException e) {
        assertThat(e).hasMessageMatching("[\\w ,.-]+");
      }
    }
  }
}
