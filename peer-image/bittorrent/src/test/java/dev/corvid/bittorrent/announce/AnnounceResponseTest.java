package dev.corvid.bittorrent.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnounceResponseTest {
  private static final InetSocketAddress IPV4 = new InetSocketAddress("10.1.2.3", 6881);
  private static final InetSocketAddress IPV6 = new InetSocketAddress("fd00::1", 51413);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void survivesARoundTripInBothForms(boolean compact) throws IOException {
    var response =
        new AnnounceResponse(
            Duration.ofSeconds(120), Duration.ofSeconds(5), 3, 4, List.of(IPV4, IPV6));

    assertThat(AnnounceResponse.decode(response.encode(compact))).isEqualTo(response);
  }

  @Test
  void writesSixBytesForAPeerAndPutsIpv6Apart() {
    var response =
        new AnnounceResponse(Duration.ofSeconds(120), Duration.ZERO, 0, 1, List.of(IPV4));

    assertThat(new String(response.encode(true), ISO_8859_1))
        .isEqualTo(
            "d8:completei0e10:incompletei1e8:intervali120e12:min intervali0e"
                + "5:peers6:\n\u0001\u0002\u0003\u001a\u00e1e");
  }

  @Test
  void passesTheTrackersRefusalOn() {
    var refusal = AnnounceResponse.encodeFailure("not registered here");

    assertThatThrownBy(() -> AnnounceResponse.decode(refusal))
        .isInstanceOf(AnnounceException.class)
        .hasMessage("not registered here");
  }

  @Test
  void leavesOutPeersThatNobodyCanDial() throws IOException {
    var response =
        decode(
            "d5:peersld2:ip4:host4:porti1eed2:ip8:10.0.0.14:porti0eed2:ip8:10.0.0.24:porti9eeee");

    assertThat(response.peers()).containsExactly(new InetSocketAddress("10.0.0.2", 9));
    assertThat(decode("d5:peers6:aaaa\0\0e").peers()).isEmpty();
  }

  @Test
  void boundsWhatATrackerMayAskFor() throws IOException {
    assertThat(decode("d8:intervali0ee").interval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(decode("d8:intervali999999999999ee").interval()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "d5:peers5:aaaaae", "d8:interval1:xe", "d5:peers"})
  void refusesWhatIsNoAnswer(String body) {
    assertThatThrownBy(() -> decode(body)).isInstanceOf(IOException.class);
  }

  @Test
  void readsOrRefusesEveryDamagedAnswer() {
    var random = new Random(Long.getLong("corvid.seed", 11L));
    var original =
        new AnnounceResponse(Duration.ofSeconds(9), Duration.ZERO, 1, 2, List.of(IPV4, IPV6));
    for (var round = 0; round < 20_000; round++) {
      var body = original.encode(random.nextBoolean());
      for (var i = random.nextInt(1, 4); i > 0; i--) {
        body[random.nextInt(body.length)] = (byte) "0123456789:ilde".charAt(random.nextInt(15));
      }
      try {
        AnnounceResponse.decode(body);
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotNull();
      }
    }
  }

  private static AnnounceResponse decode(String body) throws IOException {
    return AnnounceResponse.decode(body.getBytes(ISO_8859_1));
  }
}
