package dev.corvid.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkTextTest {
  @ParameterizedTest
  @CsvSource({
    "link, file, file, file",
    "a/link, file, a/file, file",
    "a/link, ../file, file, ../file",
    "a/b/link, ../c/./d, a/c/d, ../c/d",
    "a/b/link, x/../y/, a/b/y, y",
    "a/b/link, ../../a/b, a/b, .",
    "a/link, .., '', ..",
    "link, ., '', .",
    "a/b/link, ../../a/b/c, a/b/c, c"
  })
  void saysTheSameFromTheRootAndFromTheLink(
      String link, String text, String target, String shortest) throws MetainfoException {
    assertThat(LinkText.toRoot(link, text)).isEqualTo(target);
    assertThat(LinkText.fromRoot(link, target)).isEqualTo(shortest);
    assertThat(LinkText.toRoot(link, shortest)).isEqualTo(target);
  }
}
