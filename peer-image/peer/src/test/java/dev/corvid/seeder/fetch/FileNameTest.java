package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.FileName;
import dev.corvid.wire.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
  @ParameterizedTest
  @CsvSource({
    "model.bin?x=1, model.bin",
    "a%20b.bin, 'a b.bin'",
    "a+b%2Bc, a+b+c",
    "%E6%A8%A1.bin, 模.bin",
    "ca%66%C3%A9.bin, café.bin",
    "a%5Cb.bin, a\\b.bin",
    "..., ...",
    // What runs backwards or is not seen is kept as in an archive; messages escape it.
    "x%E2%80%AEgpj.exe, x\u202Egpj.exe",
    "%F0%9F%91%A9%E2%80%8D%F0%9F%94%AC, \uD83D\uDC69\u200D\uD83D\uDD2C",
  })
  void isTheLastPartDecoded(String part, String name) throws Exception {
    assertThat(of(part)).isEqualTo(name);
  }

  /** A repaired name would be another one. */
  @ParameterizedTest
  @CsvSource({
    "caf%E9.bin, not UTF-8",
    "x%C0%AF.bin, not UTF-8",
    "%ED%A0%80.bin, not UTF-8",
    "%EF%BF%BD.bin, not UTF-8",
    "a%0Ab.bin, control character",
    "a%00b, control character",
    "a%7Fb, control character",
    "a%C2%85b, control character",
    "a%09b, control character",
    // A plain dot is no part of the path (RFC 3986, 5.2.4).
    "%2E%2e, plain relative path",
    ".corvid-manifest, keeps for the manifest",
    "'', has none; write a URL that ends in the file's name",
    "a%2Fb, has none",
    "%2F, has none",
  })
  void isRefusedAsItIs(String part, String why) {
    assertThatThrownBy(() -> of(part))
        .hasMessageContaining("http://h/d/" + part)
        .hasMessageContaining(why)
        .returns(Reason.InvalidSpec, e -> ((SourceException) e).reason());
  }

  @Test
  void hasAtMost255BytesInUtf8() throws Exception {
    assertThat(of("é".repeat(127) + "x")).hasSize(128);
    assertThatThrownBy(() -> of("é".repeat(128))).hasMessageContaining("more than 255 bytes");
  }

  @Test
  void isRefusedBeforeAnythingIsAskedFor(@TempDir Path scratch) {
    try (var server = new SourceServer().serve("/caf\uFFFD.bin", new byte[10])) {
      var fixture = new FetchFixture(scratch, server.url("/caf%E9.bin"), server.url("/b.bin"));

      assertThatThrownBy(fixture::fetch)
          .hasMessageContaining("/caf%E9.bin")
          .returns(Reason.InvalidSpec, e -> ((SourceException) e).reason());
      assertThat(server.requests()).isEmpty();
    }
  }

  private static String of(String part) throws SourceException {
    return FileName.of(SourceUrl.parse("http://h/d/" + part));
  }
}
