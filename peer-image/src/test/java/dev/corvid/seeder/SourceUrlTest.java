package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://h/x", "file:///etc/passwd", "http:///x", "x", "//h/x", "http://a b/"})
  void refusesWhatIsNotHttp(String text) {
    assertThatThrownBy(() -> SourceUrl.parse(text)).isInstanceOf(SourceException.class);
  }

  @Test
  void refusesCredentialsInItAndDoesNotShowThem() {
    assertThatThrownBy(() -> SourceUrl.parse("https://me:hunter2@h/x"))
        .hasMessageContaining("spec.source.secretRef")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void keepsItsQueryToItself() throws Exception {
    assertThat(SourceUrl.parse("https://h/x?signature=s")).hasToString("https://h/x");
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/a/model.bin?x=1, model.bin",
    "http://h/a%20b.bin, a b.bin",
    "http://h/a+b.bin, a+b.bin",
    "http://h/a/, ''",
    "http://h, ''",
  })
  void namesTheFile(String url, String name) throws Exception {
    assertThat(SourceUrl.parse(url).fileName()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/x.TAR.GZ, TAR_GZ",
    "http://h/x.tgz?v=.zip, TAR_GZ",
    "http://h/x.tar, TAR",
    "http://h/x.taz, TAR_GZ",
    "http://h/x.tar.zst, TAR_ZST",
    "http://h/x.tzst, TAR_ZST",
    "http://h/x.tar.bz2, TAR_BZ2",
    "http://h/x.tbz, TAR_BZ2",
    "http://h/x.tbz2, TAR_BZ2",
    "http://h/x.tar.xz, TAR_XZ",
    "http://h/x.TXZ, TAR_XZ",
    "http://h/x.zip, ZIP",
    "http://h/x.gz, NONE",
    "http://h/x.jar, NONE",
    "http://h/tar, NONE",
  })
  void decidesTheFormatByItsSuffix(String url, Format format) throws Exception {
    assertThat(Format.of("Auto", SourceUrl.parse(url))).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.7z",
        "x.rar",
        "x.tar.lz4",
        "x.lz4",
        "x.tar.lz",
        "x.tlz",
        "x.tar.Z",
        "x.tar.br",
        "x.cpio"
      })
  void refusesArchivesThatAreNotUnpackedUnlessToldToReleaseThem(String name) throws Exception {
    var url = SourceUrl.parse("http://h/" + name);

    assertThatThrownBy(() -> Format.of("Auto", url))
        .hasMessageContaining("http://h/" + name)
        .hasMessageContaining("spec.source.unpack.format: None to release it as one file");
    assertThat(Format.of("None", url)).isEqualTo(Format.NONE);
  }
}
