package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.Case;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources that are archives, although the URL does not end like one. */
class UndeclaredArchiveTest {
  private final SourceServer server = new SourceServer();
  private byte[] archive;
  @TempDir Path scratch;

  @BeforeEach
  void pack() throws Exception {
    archive = Archives.gzip(Archives.tar(t -> t.file("a", "hello")));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/download?file=model.tar.gz, model.tar.gz, TarGz to unpack it",
    "/get.php?path=/x/model.zip&a=1, model.zip, Zip to unpack it",
    "/get?model%2Etgz, model.tgz, TarGz to unpack it",
    "/d?f=model.7z, model.7z, None to release",
  })
  void isRefusedByItsQuery(String url, String name, String advice) {
    server.serve(url.replaceFirst("\\?.*", ""), archive);

    refused(fixture(url), "is not unpacked", "its query names " + name, "format: " + advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "attachment; filename=\"model.tar.gz\" > model.tar.gz",
        "attachment; filename=model.tgz; size=3 > model.tgz",
        "attachment; filename=\"x\"; filename*=UTF-8''model.tar.xz > model.tar.xz",
        "attachment; filename*=UTF-8''m%C3%B6del%2Etar%2Egz > mödel.tar.gz",
        "attachment; filename*=iso-8859-1'en'mod%E9l.zip; filename=a > modél.zip",
        "attachment; filename*=UTF-8''%E9.zip > \uFFFD.zip",
        "attachment; filename*=UTF-8''%ZZ.zip > %ZZ.zip",
        "attachment; filename*=nonsense''%E9.zip > %E9.zip",
        "attachment; filename=\"mod\u00c3\u00a9l.zip\" > modél.zip",
        "attachment; filename=\"mod\u00e9l.zip\" > modél.zip",
        "inline;FILENAME=\"C:\\a\\model.zip\" > model.zip",
      })
  void isRefusedByContentDisposition(String header, String name) {
    disposition("/download", header);

    refused(
        fixture("/download?id=1"),
        server.url("/download") + " is not unpacked",
        "Content-Disposition calls it " + name,
        "or None to release it as one file");
  }

  @Test
  void isRefusedByARedirect() {
    server.redirect("/latest", "/v1/model.tar.gz").serve("/v1/model.tar.gz", archive);

    refused(fixture("/latest"), "/latest is not unpacked", "it redirects to model.tar.gz");
  }

  @Test
  void isUnpackedOrReleasedAsItIsWhereThatIsWritten() throws Exception {
    disposition("/download", "attachment; filename=\"model.tar.gz\"");
    var unpacked = fixture("/download");
    unpacked.unpack = new SeederTask.Unpack("TarGz", 0, null);
    var whole = fixture("/download");
    whole.unpack = new SeederTask.Unpack("None", 0, null);

    unpacked.fetch();
    assertThat(scratch.resolve("tree/a")).hasContent("hello");
    whole.fetch();
    assertThat(scratch.resolve("tree/download")).hasBinaryContent(archive);
  }

  @Test
  void isNotAskedAboutAgainOnceItIsReleased() throws Exception {
    disposition("/download", "attachment; filename=\"model.tar.gz\"");
    var fixture = fixture("/download");
    fixture.pinned = FetchFixture.pinnedTo(ResponsesTest.digestOf(archive));

    assertThat(fixture.fetch().tree().bytes()).isEqualTo(archive.length);
  }

  @ParameterizedTest
  @CsvSource({"/model.bin?x=a.zip", "/model.safetensors?sig=1", "/download?file=model.bin"})
  void otherFilesAreFiles(String url) throws Exception {
    server.serve(url.replaceFirst("\\?.*", ""), archive);

    assertThat(fixture(url).fetch().tree().files()).isOne();
  }

  /** Whatever a name says, it may not have been meant; a zip is in files of many names. */
  @ParameterizedTest
  @CsvSource({
    "/model.bin, gzip, true",
    "/model.tarball, gzip, true",
    "/model.tar-2, tar, true",
    "/release.v1, 7z, true",
    "/table.csv.gz, gzip, false",
    "/table.csv.gzip, gzip, false",
    "/model.pt, zip, false",
    "/model.nemo, tar, false",
  })
  void isNotedByItsFirstBytes(String path, String kind, boolean noted) throws Exception {
    byte[] tar = Archives.tar(t -> t.file("a", "hello"));
    server.serve(
        path,
        switch (kind) {
          case "gzip" -> Archives.gzip(tar);
          case "7z" -> Case.hex("377abcaf271c0004");
          case "zip" -> Archives.zip(z -> z.file("a", "x", 0644));
          default -> tar;
        });

    var note = fixture(path).fetch().note();

    if (noted) {
      assertThat(note).contains("not unpacked: ", path, kind, "spec.source.unpack.format");
    } else {
      assertThat(note).isNull();
    }
  }

  private void disposition(String path, String header) {
    server.answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Disposition", header);
          ResponsesTest.whole(exchange, archive, "\"one\"", archive.length);
        });
  }

  private FetchFixture fixture(String path) {
    return new FetchFixture(scratch, server.url(path));
  }

  private static void refused(FetchFixture fixture, String... parts) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(Reason.InvalidSpec, SourceException::reason);
  }
}
