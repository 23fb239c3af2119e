package dev.corvid.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceFileNameTest {
  @ParameterizedTest
  @CsvSource({
    "https://a/d/x.bin, x.bin",
    "https://a/d/x.bin?y=/z.bin, x.bin",
    "https://a/d/x.bin#/z.bin, x.bin",
    "https://a/a%20b.bin, a b.bin",
    "https://a/ü.bin, ü.bin",
    "https://a/%C3%BC.bin, ü.bin",
    "https://a/a+b%2Bc, a+b+c",
    "https://a/100%, 100%",
    "https://a/100%2, 100%2",
    "https://a/100%zz, 100%zz",
    "https://a/%FF, \uFFFD",
    "https://a/a%2Fb, a/b",
    "https://a/d/, ''",
    "https://a/d/.., ''",
    "https://a/d/., ''",
    "https://a.zip, ''",
    "https://a.zip?x, ''",
  })
  void isTheLastPartOfTheUrlDecoded(String url, String name) {
    assertThat(SourceFileName.ofUrl(url).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a/x.tar%2Egz, TarGz",
    "https://a/x%2ezip, Zip",
    "https://a/x.TXZ, TarXz",
    "https://a/x.tzst?v=.zip, TarZst",
    "https://a/x.jar,",
    "https://a.zip,",
  })
  void saysByItsSuffixWhatTheFileIs(String url, SourceFileName.Archive archive) {
    assertThat(SourceFileName.ofUrl(url).archive().orElse(null)).isEqualTo(archive);
  }
}
