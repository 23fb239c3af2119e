package dev.corvid.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeflateTest {
  @Test
  void whatIsExpandedIsWhatWasCompressed() throws Exception {
    byte[] plain = new byte[100_000];
    new Random(1).nextBytes(plain);
    assertThat(Deflate.expand(Deflate.compress(plain), plain.length + 1)).isEqualTo(plain);
    assertThat(Deflate.expand(Deflate.compress(new byte[0]), 10)).isEmpty();
  }

  @Test
  void noMoreIsExpandedThanAskedFor() throws Exception {
    byte[] bomb = Deflate.compress(new byte[64 << 20]);
    assertThat(bomb.length).isLessThan(1 << 20);
    assertThat(Deflate.expand(bomb, 1001)).hasSize(1001);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deflate | true",
        "gzip;q=1.0, Deflate ; q=0.5 | true",
        "deflate;q=0.001 | true",
        "deflate;q=0, identity | false",
        "gzip, deflate; q=0.000 | false",
        "not-deflate | false",
        "'' | false",
        " | false"
      })
  void isAcceptedWhereItIsNamedWithAQuality(String header, boolean accepted) {
    assertThat(Deflate.isAccepted(header)).isEqualTo(accepted);
  }

  @Test
  void whatIsCutOrOfAnotherKindIsRefused() {
    byte[] whole = Deflate.compress(new byte[10_000]);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Deflate.expand(cut, 20_000)).isInstanceOf(WireException.class);
    }
    assertThatThrownBy(() -> Deflate.expand("{}".getBytes(), 20)).isInstanceOf(WireException.class);
  }
}
