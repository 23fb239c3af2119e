package dev.corvid.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {
  @Test
  void isWhatTheBuildSays() {
    assertThat(Version.text()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(Version.userAgent()).isEqualTo("corvid/" + Version.text());
  }

  @ParameterizedTest
  @CsvSource({"0.1.0-SNAPSHOT, 0100", "1.12.3, 1C30", "2.0, 2000", "1.99.0-rc.1, 1Z00"})
  void standsInThePeerId(String version, String mark) {
    assertThat(Version.mark(version)).isEqualTo(mark);
  }

  @Test
  void marksEachPeerIdAndLeavesTheRestToChance() {
    var one = PeerId.random(new Random(1));

    assertThat(new String(one.toBytes(), 0, 8, StandardCharsets.US_ASCII))
        .isEqualTo("-CV" + Version.mark() + "-");
    assertThat(one.toBytes()).hasSize(PeerId.LENGTH);
    assertThat(one).isNotEqualTo(PeerId.random(new Random(2))).isEqualTo(PeerId.of(one.toBytes()));
  }
}
