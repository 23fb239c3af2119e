package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepairedUtf8Test {
  private final ObjectMapper mapper = new ObjectMapper();

  RepairedUtf8Test() {
    new StoredJson().customize(mapper);
  }

  /** As bytes: a lone one, half a character, a surrogate, a character in too many bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"\u00ff", "\u00c3", "\u00ed\u00a0\u0080", "\u00c0\u00af", "\u00f8\u0088"})
  void bytesThatAreNoUtf8AreReplaced(String bytes) throws IOException {
    byte[] json = ("{\"a\": \"x" + bytes + "y\"}").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(mapper.readTree(json).get("a").asText()).matches("x\ufffd+y");
    assertThat(mapper.readTree(new ByteArrayInputStream(json)).get("a").asText())
        .matches("x\ufffd+y");
  }

  /** Characters of one to four bytes, so that each stands on the bounds of buffers. */
  @Test
  void allElseIsReadAsItIs() throws IOException {
    for (int shift = 0; shift < 4; shift++) {
      String text = "s".repeat(shift) + "a\u00e9\u20ac\ud83d\ude00".repeat(20_000);
      var json = new ByteArrayOutputStream();
      mapper.writeValue(json, text);

      assertThat(mapper.readValue(json.toByteArray(), String.class)).isEqualTo(text);
    }
  }
}
