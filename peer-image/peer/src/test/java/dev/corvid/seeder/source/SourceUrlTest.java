package dev.corvid.seeder.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.UnpackFormat;
import dev.corvid.wire.Reason;
import java.util.List;
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
  @CsvSource({"a/../f, f", "a/./f, a/f", "x/../../f, f", "a//b/.., a//"})
  void takesDotSegmentsOutAsCurlDoes(String path, String asked) throws Exception {
    assertThat(SourceUrl.parse("http://h/" + path)).hasToString("http://h/" + asked);
  }

  /** RFC 3986, 5.4, and what servers send besides; as curl takes it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "?y > http://a/b/c/d;p?y",
        "g > http://a/b/c/g",
        "./g/ > http://a/b/c/g/",
        "/g > http://a/g",
        "//g > http://g",
        "g?y/./x > http://a/b/c/g?y/./x",
        "g#s > http://a/b/c/g",
        "#s > http://a/b/c/d;p?q",
        ";x > http://a/b/c/;x",
        "'' > http://a/b/c/d;p?q",
        ".. > http://a/b/",
        "../../../g > http://a/g",
        "/./g/../h > http://a/h",
        "g;x=1/../y > http://a/b/c/y",
        "HTTPS://G/x > https://G/x",
        "/my model|v2.tar > http://a/my%20model%7Cv2.tar",
        "?token={abc} > http://a/b/c/d;p?token=%7Babc%7D",
        "/100%.tar?a=%2F&b=%zz > http://a/100%25.tar?a=%2F&b=%25zz",
        "/a[1].bin?x[]=1 > http://a/a%5B1%5D.bin?x[]=1",
        "http://my_store.example.com/x > http://my_store.example.com/x",
      })
  void resolvesRedirects(String location, String expected) throws Exception {
    var url = SourceUrl.parse("http://a/b/c/d;p?q");

    assertThat(url.redirectedTo(location).uri()).hasToString(expected);
  }

  @Test
  void aLocationIsInUtf8OrElseInLatin1() throws Exception {
    var url = SourceUrl.parse("http://h/");
    var utf8 = new String("/模型.tar".getBytes(UTF_8), ISO_8859_1);

    assertThat(url.redirectedTo(utf8)).hasToString("http://h/%E6%A8%A1%E5%9E%8B.tar");
    assertThat(url.redirectedTo("/é.tar")).hasToString("http://h/%E9.tar");
    assertThat(SourceUrl.parse("http://h/模型 1.tar").fileName()).isEqualTo("模型 1.tar");
  }

  @Test
  void aHostMayHaveUnderscoresADotAtItsEndOrOtherLetters() throws Exception {
    var url = SourceUrl.parse("http://My_Store.example.com.:8080/x");

    assertThat(url.host()).isEqualTo("my_store.example.com");
    assertThat(url.port()).isEqualTo(8080);
    assertThat(url.origin()).isEqualTo("http://my_store.example.com:8080");
    assertThat(SourceUrl.parse("https://hö.example/x").host()).isEqualTo("xn--h-1ga.example");
    assertThatThrownBy(() -> SourceUrl.parse("https://my_store.example.com/x"))
        .hasMessageContaining("https://my_store.example.com/x has an underscore");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.1/x", "http://0x7f.1/x", "http://a..b/x"})
  void namesTheUrlWhoseHostOrPortCannotBe(String url) {
    assertThatThrownBy(() -> SourceUrl.parse(url)).hasMessageContaining(url + " names a ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "000", "65536", "99999", "123456789012"})
  void namesAPortThatCannotBe(String port) {
    assertThatThrownBy(() -> SourceUrl.parse("http://h:" + port + "/x"))
        .hasMessageContaining("http://h:" + port + "/x names a port that cannot be, " + port + ";")
        .returns(Reason.InvalidSpec, e -> ((SourceException) e).reason());
  }

  @Test
  void takesASchemeInCapitals() throws Exception {
    assertThat(SourceUrl.parse("HTTP://h/x")).hasToString("http://h/x");
  }

  @Test
  void knowsASignedQuery() throws Exception {
    for (var query : List.of("X-Amz-Date=1&X-Amz-Signature=s", "sv=1&sig=s", "Signature=s")) {
      assertThat(SourceUrl.parse("http://h/x?" + query).isPresigned()).as(query).isTrue();
    }
    assertThat(SourceUrl.parse("http://h/sig=1?design=2").isPresigned()).isFalse();
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
  void decidesTheFormatByItsSuffix(String url, UnpackFormat format) throws Exception {
    assertThat(UnpackFormat.of("Auto", SourceUrl.parse(url))).isEqualTo(format);
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

    assertThatThrownBy(() -> UnpackFormat.of("Auto", url))
        .hasMessageContaining("http://h/" + name)
        .hasMessageContaining("spec.source.unpack.format: None to release it as one file");
    assertThat(UnpackFormat.of("None", url)).isEqualTo(UnpackFormat.NONE);
  }
}
