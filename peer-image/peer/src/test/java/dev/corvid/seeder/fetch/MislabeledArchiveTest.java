package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.UnpackFormat;
import dev.corvid.wire.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive under the name of another: the message says what it is, and what to write. */
class MislabeledArchiveTest {
  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void eachFormatIsToldUnderTheNameOfEachOther() throws Exception {
    var archives = archives();
    for (var named : archives.keySet()) {
      for (var sent : archives.keySet()) {
        server.serve("/x" + named, archives.get(sent));
        if (!named.equals(sent)) {
          var format = UnpackFormat.of("Auto", SourceUrl.parse("http://h/x" + sent));
          refused(
              "/x" + named,
              "the source is a " + format.words() + ", not a ",
              "write spec.source.unpack.format: " + format.inSpec());
        }
      }
    }
  }

  @Test
  void whatIsCompressedTwiceOrHoldsNoTarIsTold() throws Exception {
    byte[] tar = archives().get(".tar");
    server
        .serve("/twice.tar.gz", Archives.gzip(Archives.gzip(tar)))
        .serve("/zip.tar.zst", Archives.zstd(archives().get(".zip")))
        .serve("/nothing.tar.gz", Archives.gzip(new byte[0]))
        .serve("/page.tar.gz", Archives.gzip("<html>no</html>".getBytes(StandardCharsets.UTF_8)));

    refused("/twice.tar.gz", "a gzip with a gzip in it", "compressed what was compressed already");
    refused("/zip.tar.zst", "a zstd with a zip in it, not with a tar");
    refused("/nothing.tar.gz", "the archive is empty");
    refused("/page.tar.gz", "an HTML page");
  }

  @Test
  void otherArchivesAndErrorTextsAreTold() throws Exception {
    var others =
        Map.of(
            "7z\u00bc\u00af\u0027\u001c", "a 7z archive",
            "Rar!\u001a\u0007", "a rar archive",
            "070701", "a cpio archive",
            "{\"error\": \"no such model\"}", "JSON or XML",
            "<?xml version=\"1.0\"?><Error/>", "JSON or XML");
    for (var other : others.entrySet()) {
      server.serve("/x.tar.gz", other.getKey().getBytes(StandardCharsets.ISO_8859_1));
      server.serve("/x.zip", other.getKey().getBytes(StandardCharsets.ISO_8859_1));

      refused("/x.tar.gz", "the source is " + other.getValue(), "not a gzip");
      refused("/x.zip", "the source is " + other.getValue(), "not a zip");
    }
  }

  @Test
  void aZipMayBeginWithAnything() throws Exception {
    byte[] script = "{#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);
    byte[] zip = archives().get(".zip");
    byte[] both = Arrays.copyOf(script, script.length + zip.length);
    System.arraycopy(zip, 0, both, script.length, zip.length);
    server.serve("/x.zip", both);

    assertThat(new FetchFixture(scratch, server.url("/x.zip")).fetch().tree().files()).isOne();
  }

  private static Map<String, byte[]> archives() throws Exception {
    byte[] tar = Archives.tar(t -> t.file("a", "hello"));
    var archives = new LinkedHashMap<String, byte[]>();
    archives.put(".tar", tar);
    archives.put(".tar.gz", Archives.gzip(tar));
    archives.put(".tar.zst", Archives.zstd(tar));
    archives.put(".tar.bz2", Archives.bzip2(tar));
    archives.put(".tar.xz", Archives.xz(tar, 1 << 12));
    archives.put(".zip", Archives.zip(z -> z.file("a", "hello", 0644)));
    return archives;
  }

  private void refused(String path, String... parts) {
    var fixture = new FetchFixture(scratch, server.url(path));
    assertThatThrownBy(fixture::fetch)
        .returns(Reason.InvalidContent, e -> ((SourceException) e).reason())
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains(parts)
                    .contains(server.url(path))
                    .doesNotContain("corrupt"));
  }
}
