package dev.corvid.bittorrent.metainfo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BencodeWriterTest {
  @Test
  void writesNestedValues() {
    var bytes =
        new BencodeWriter()
            .dictionary()
            .key("a")
            .integer(-1)
            .key("b")
            .list()
            .text("x")
            .dictionary()
            .end()
            .end()
            .end()
            .toBytes();

    assertThat(new String(bytes, US_ASCII)).isEqualTo("d1:ai-1e1:bl1:xdeee");
  }

  @Test
  void refusesKeysOutOfOrder() {
    var out = new BencodeWriter().dictionary().key("b").integer(1);

    assertThatThrownBy(() -> out.key("a")).hasMessage("key 'a' after 'b'");
    assertThatThrownBy(() -> new BencodeWriter().dictionary().key("a").integer(1).key("a"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesToEndHalfWay() {
    assertThatThrownBy(() -> new BencodeWriter().list().toBytes()).hasMessageContaining("open");
  }
}
