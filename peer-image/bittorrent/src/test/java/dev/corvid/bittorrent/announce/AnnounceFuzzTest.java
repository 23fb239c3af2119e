package dev.corvid.bittorrent.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.fuzz.HostileBytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What trackers answer and what they are asked, damaged. */
@Tag("slow")
class AnnounceFuzzTest {
  private static final InfoHash HASH = InfoHash.of(new byte[20]);

  @Test
  void answersToAnnounces() throws Exception {
    var peers =
        List.of(new InetSocketAddress("10.1.2.3", 6881), new InetSocketAddress("fd00::1", 51413));
    var answer = new AnnounceResponse(Duration.ofMinutes(2), Duration.ofSeconds(5), 3, 4, peers);
    HostileBytes.like(
            answer.encode(true), answer.encode(false), AnnounceResponse.encodeFailure("go away"))
        .refusedBy(IOException.class)
        .into(75_000, AnnounceFuzzTest::readAnswer);
  }

  private static void readAnswer(byte[] received) throws IOException {
    AnnounceResponse answer;
    try {
      answer = AnnounceResponse.decode(received);
    } catch (AnnounceException e) {
      return; // the tracker's own words
    }
    assertThat(answer.interval()).isBetween(Duration.ofSeconds(1), Duration.ofHours(1));
    assertThat(answer.minInterval()).isBetween(Duration.ZERO, Duration.ofHours(1));
    for (var peer : answer.peers()) {
      assertThat(peer.getPort()).isPositive();
      assertThat(peer.isUnresolved()).isFalse();
    }
  }

  @Test
  void answersToScrapes() throws Exception {
    HostileBytes.like(Scrape.encode(Map.of(HASH, new Scrape.Counts(1, 2, 3))))
        .refusedBy(IOException.class)
        .into(25_000, received -> Scrape.decode(received));
  }

  @Test
  void queries() throws Exception {
    var id = PeerId.random(new Random(1));
    var request =
        new AnnounceRequest(HASH, id, 6881, 1, 2, 3, AnnounceEvent.STARTED, 50, true).toQuery();
    var scrape = "info_hash=" + QueryString.encode(HASH.toBytes());
    HostileBytes.like(request.getBytes(StandardCharsets.US_ASCII))
        .refusedBy(AnnounceException.class)
        .into(50_000, received -> AnnounceRequest.parse(text(received)));
    HostileBytes.like(scrape.getBytes(StandardCharsets.US_ASCII))
        .refusedBy(AnnounceException.class)
        .into(25_000, received -> Scrape.parse(text(received)));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
