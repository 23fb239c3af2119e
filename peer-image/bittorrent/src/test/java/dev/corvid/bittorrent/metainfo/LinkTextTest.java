package dev.corvid.bittorrent.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkTextTest {
  @ParameterizedTest
  @CsvSource({
    "link, file, file, file",
    "a/link, file, a/file, file",
    "a/link, ../file, file, ../file",
    "a/b/link, ../c/./d, a/c/d, ../c/d",
    "a/b/link, x/y/, a/b/x/y, x/y",
    "a/b/link, ../../a/b, a/b, .",
    "a/link, .., '', ..",
    "link, ., '', .",
    "a/b/link, ../../a/b/c, a/b/c, c"
  })
  void saysTheSameFromTheRootAndFromTheLink(
      String link, String text, String target, String shortest) throws MetainfoException {
    assertThat(LinkText.target(link, text)).isEqualTo(target);
    assertThat(LinkText.fromRoot(link, target)).isEqualTo(shortest);
    assertThat(LinkText.target(link, shortest)).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "link, '', only relative links are kept",
    "link, /etc, only relative links are kept",
    "link, .., may lead out of the tree",
    "a/link, ../../x, may lead out of the tree",
    "a/b/link, x/../y, may lead out of the tree"
  })
  void keepsNoTextThatMayLeadOut(String link, String text, String why) {
    assertThatThrownBy(() -> LinkText.target(link, text)).hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "link, a, false",
    "a/link, ../x, false",
    "link, /etc, true",
    "link, .., true",
    "a/link, ../../x, true",
    "a/b/link, x/../y, true"
  })
  void tellsWhatLeadsOutFromWhatNoLinkCanSay(String link, String text, boolean leadsOut)
      throws MetainfoException {
    assertThat(LinkText.leadsOut(link, text)).isEqualTo(leadsOut);

    assertThatThrownBy(() -> LinkText.leadsOut(link, "")).hasMessageContaining("links to ''");
    assertThatThrownBy(() -> LinkText.leadsOut(link, "/" + "x".repeat(1023)))
        .hasMessageContaining("longer than 1,023 bytes");
    assertThatThrownBy(() -> LinkText.leadsOut(link, "/a\0")).hasMessageContaining("NUL");
  }

  @Test
  void keepsTextsThatEveryNodeCanStore() throws MetainfoException {
    assertThat(LinkText.target("l", "\u00e4".repeat(511) + "x")).hasSize(512);

    assertThatThrownBy(() -> LinkText.target("l", "\u00e4".repeat(512)))
        .hasMessageContaining("longer than 1,023 bytes");
    assertThatThrownBy(() -> LinkText.target("l", "a\0")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> LinkText.target("l", "\ud800")).hasMessageContaining("Unicode");
  }

  @Test
  void refusesATorrentWhoseLinkIsLongerOnDiskThanInTheTorrent() throws Exception {
    var deep = "d/".repeat(341) + "link";
    assertThat(Metainfo.ofInfo(info(deep, "d/t")).linkText(0)).hasSize(3 * 340 + 1);
    assertThatThrownBy(() -> Metainfo.ofInfo(info(deep, "t")))
        .hasMessageContaining("longer than 1,023 bytes");
  }

  /** A torrent of one link, as somebody else may make it. */
  private static ByteBuffer info(String path, String target) {
    var out = new BencodeWriter().dictionary().key("files").list().dictionary();
    out.key("attr").text("l").key("length").integer(0).key("path").list();
    for (var component : path.split("/")) {
      out.text(component);
    }
    out.end().key("symlink path").list();
    for (var component : target.split("/")) {
      out.text(component);
    }
    out.end().end().end();
    out.key("name").text("x").key("piece length").integer(1 << 14).key("pieces").bytes(new byte[0]);
    return ByteBuffer.wrap(out.end().toBytes());
  }
}
