package dev.corvid.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.net.Addresses;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ArgumentsTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:6881, 127.0.0.1:6881",
    "localhost:1, 127.0.0.1:1",
    "[::1]:65535, [0:0:0:0:0:0:0:1]:65535",
    ":7070, 0.0.0.0:7070",
    "0.0.0.0:0, 0.0.0.0:0"
  })
  void readsAddresses(String text, String meant) {
    assertThat(Addresses.text(Arguments.address(text))).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "6881", "host", "host:", "::1:6881", "[::1]", "a:b:1"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> Arguments.address(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("write 10.0.0.1:6881");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:99999", "host:65536", "[::1]:123456", ":9999999999"})
  void saysWhichPortIsOutOfRange(String text) {
    assertThatThrownBy(() -> Arguments.address(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage(
            "port %s is out of range: write one from 0 to 65535"
                .formatted(text.substring(text.lastIndexOf(':') + 1)));
  }

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "30s, PT30S", "5m, PT5M", "2h, PT2H", "0s, PT0S"})
  void readsDurations(String text, Duration meant) {
    assertThat(Arguments.duration(text)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "s", "-1s", "1d", "1.5s", "99999999999s"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> Arguments.duration(text)).hasMessageContaining("write 30s");
  }

  @Test
  void readsSizesAsKubernetesWritesThem() {
    assertThat(new Arguments.Size().convert("4Mi")).isEqualTo(4L << 20);
    assertThatThrownBy(() -> new Arguments.Size().convert("4 MB"))
        .isInstanceOf(TypeConversionException.class);
  }
}
