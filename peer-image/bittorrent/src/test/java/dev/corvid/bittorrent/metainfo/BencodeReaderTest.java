package dev.corvid.bittorrent.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BencodeReaderTest {
  @Test
  void readsEveryTypeOfValue() throws IOException {
    var in = reader("d1:ai-42e1:b4:spam1:cli1ei2eee");
    List<Object> seen = new ArrayList<>();
    in.dictionary(
        key -> {
          seen.add(key);
          switch (key) {
            case "a" -> seen.add(in.integer());
            case "b" -> seen.add(in.text(10));
            default -> in.list(() -> seen.add(in.integer()));
          }
        });
    in.end();

    assertThat(seen).containsExactly("a", -42L, "b", "spam", "c", 1L, 2L);
  }

  @Test
  void skipsWhatAHandlerLeavesUnread() throws IOException {
    var in = reader("d1:ad1:xl1:yee1:bi7ee");
    List<Long> seen = new ArrayList<>();
    in.dictionary(
        key -> {
          if (key.equals("b")) {
            seen.add(in.integer());
          }
        });

    assertThat(seen).containsExactly(7L);
  }

  @Test
  void readsTheExtremesOfALong() throws IOException {
    assertThat(reader("i9223372036854775807e").integer()).isEqualTo(Long.MAX_VALUE);
    assertThat(reader("i-9223372036854775808e").integer()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void givesTheRawFormOfAValue() throws IOException {
    var in = reader("d4:infod1:ai1eee");
    in.dictionary(
        _ -> {
          var raw = in.rawValue();
          var bytes = new byte[raw.remaining()];
          raw.get(bytes);
          assertThat(new String(bytes, ISO_8859_1)).isEqualTo("d1:ai1ee");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "i",
        "ie",
        "i-e",
        "i-0e",
        "i01e",
        "i1",
        "i1x",
        "i9223372036854775808e",
        "i-9223372036854775809e",
        "5:spam",
        "01:a",
        "4294967297:a",
        "99999999999999999999:a",
        "-1:a",
        "4spam",
        "l",
        "li1e",
        "d",
        "di1ei2ee",
        "d1:a",
        "d1:ae",
        "d1:bi1e1:ai1ee",
        "d1:ai1e1:ai1ee",
        "x",
        "e"
      })
  void refusesWhatIsNotBencode(String input) {
    assertThatThrownBy(reader(input)::skip).isInstanceOf(BencodeException.class);
  }

  @Test
  void refusesAnIntegerOfAMillionDigitsAtOnce() {
    assertThatThrownBy(reader("i" + "1".repeat(1_000_000) + "e")::skip)
        .hasMessageContaining("more than 19 digits");
  }

  @Test
  void refusesNestingBeforeTheStackEnds() {
    assertThatThrownBy(reader("l".repeat(1_000_000))::skip)
        .hasMessage("nested deeper than 64 (byte 64)");
    assertThatThrownBy(reader("d1:a".repeat(1_000_000))::skip).hasMessageContaining("nested");
  }

  @Test
  void refusesALengthBeyondTheInputBeforeAllocating() {
    assertThatThrownBy(() -> reader("2147483647:a").bytes(Integer.MAX_VALUE))
        .hasMessageContaining("exceeds the input");
  }

  @Test
  void refusesAStringBeyondTheCallersBound() {
    assertThatThrownBy(() -> reader("4:spam").bytes(3)).hasMessageContaining("limit of 3");
  }

  @Test
  void refusesATextThatIsNotUtf8() {
    assertThatThrownBy(() -> reader("1:\u00ff").text(9)).hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesBytesAfterTheEnd() throws IOException {
    var in = reader("i1ei2e");
    in.skip();
    assertThatThrownBy(in::end).hasMessageContaining("after the end (byte 3)");
  }

  private static BencodeReader reader(String input) {
    return new BencodeReader(input.getBytes(ISO_8859_1));
  }
}
