package dev.corvid.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationFormatTest {
  private static final List<String> WORDS =
      List.of("h", "m", "s", "ms", "d", "1", "0", "59", "99999", "100000", "-", ".", " ", "");

  /** GEP-2257 has most of them in its own list. */
  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "0h, PT0S",
    "1ms, PT0.001S",
    "10s, PT10S",
    "007m, PT7M",
    "24h, PT24H",
    "1h30m, PT1H30M",
    "30m1h, PT1H30M",
    "10s30m1h, PT1H30M10S",
    "1h30m10s500ms, PT1H30M10.5S",
    "10s10s, PT20S",
    "99999h99999h99999h99999h, PT399996H",
  })
  void readsWhatTheGrammarHas(String text, Duration meant) {
    assertThat(DurationFormat.parse(text)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "h",
        "1d",
        "1.5h",
        "-1s",
        "+1s",
        "10us",
        "1 h",
        " 1h",
        "1h\n",
        "1H",
        "100000s",
        "99999999999h",
        "1h1h1h1h1h",
        "1h30",
        "soon",
        "PT1H",
        "١h"
      })
  void refusesTheRestAndSaysWhatToWrite(String text) {
    assertThatThrownBy(() -> DurationFormat.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is not a duration; write 30s, 10m or 1h30m", text);
  }

  /** Texts that are nearly durations: the parser takes one exactly where the grammar does. */
  @Test
  void theParserIsTheGrammar() {
    var grammar = Pattern.compile("(?:[0-9]{1,5}(?:ms|s|m|h)){1,4}"); // written by hand
    var random = new Random(2257);
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int words = random.nextInt(9); words >= 0; words--) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
      boolean inTheGrammar = grammar.matcher(text).matches();
      taken += inTheGrammar ? 1 : 0;
      assertThat(isTaken(text.toString())).as("%s", text).isEqualTo(inTheGrammar);
    }
    assertThat(taken).isGreaterThan(100);
  }

  private static boolean isTaken(String text) {
    try {
      return !DurationFormat.parse(text).isNegative();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
