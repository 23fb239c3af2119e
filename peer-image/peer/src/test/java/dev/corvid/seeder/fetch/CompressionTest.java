package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Archives by way of what compresses them: what is read, how much of it, and in which words not.
 */
@Tag("slow")
class CompressionTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path scratch;
  private SourceServer server;
  private byte[] tar;

  @BeforeEach
  void create() throws Exception {
    server = new SourceServer();
    tar = Archives.tar(t -> t.file("a", "hello"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void honestZerosAreContent() throws Exception {
    server.serve("/x.tar.gz", Archives.zeros(96L * MEBIBYTE));
    var fixture = fixture("/x.tar.gz");
    fixture.scratchBytes = 128L * MEBIBYTE;

    assertThat(fixture.fetch().tree().bytes()).isEqualTo(96L * MEBIBYTE);
  }

  @Test
  void whatIsLeftOutCountsAgainstScratchAsSoonAsItIsDecompressed() throws Exception {
    var packed = new ByteArrayOutputStream();
    packed.writeBytes(Archives.gzip(tar(t -> t.file("kept", "x"))));
    packed.writeBytes(Archives.zeros(64L * MEBIBYTE));
    server.serve("/x.tar.gz", packed.toByteArray());
    var fixture = fixture("/x.tar.gz");
    fixture.files = new SeederTask.Files(List.of(), List.of("zeros"));
    fixture.scratchBytes = 32L * MEBIBYTE;

    refused(
        fixture,
        Reason.InsufficientDisk,
        "unpacks to more than",
        "32Mi",
        "left out",
        "spec.seeder.scratch.sizeLimit");
  }

  @Test
  void whatStandsBehindTheEndCountsToo() throws Exception {
    var packed = new ByteArrayOutputStream();
    packed.writeBytes(Archives.gzip(tar));
    packed.writeBytes(Archives.gzip(new byte[64 * MEBIBYTE]));
    server.serve("/x.tar.gz", packed.toByteArray());
    var fixture = fixture("/x.tar.gz");
    fixture.scratchBytes = 32L * MEBIBYTE;

    refused(fixture, Reason.InsufficientDisk, "unpacks to more than");
  }

  @Test
  void aZipThatUnpacksTheSameNameAgainAndAgainEndsAtTheLimit() throws Exception {
    byte[] zip =
        Archives.zip(
            z -> {
              for (int i = 0; i < 40; i++) {
                z.file("a", "\0".repeat(MEBIBYTE), 0644);
              }
            });
    server.serve("/x.zip", zip);
    var fixture = fixture("/x.zip");
    fixture.scratchBytes = 32L * MEBIBYTE;

    refused(fixture, Reason.InsufficientDisk, "unpacks to more than");
  }

  @Test
  void readsDictionariesAndWindowsUpToTheirBoundsAndRefusesLargerOnesByName() throws Exception {
    server
        .serve("/a.tar.xz", Archives.xz(tar, 64 * MEBIBYTE))
        .serve("/b.tar.xz", Archives.xz(tar, 128 * MEBIBYTE))
        .serve("/a.tar.zst", Archives.zstdFrame(tar, 27))
        .serve("/b.tar.zst", Archives.zstdFrame(tar, 28))
        .serve("/c.tar.zst", Archives.zstdFrame(tar, 31));

    assertThat(fixture("/a.tar.xz").fetch().tree().files()).isOne();
    assertThat(fixture("/a.tar.zst").fetch().tree().files()).isOne();
    refused(fixture("/b.tar.xz"), Reason.InvalidContent, "dictionary", "64 MiB", "dict=64MiB");
    refused(fixture("/b.tar.zst"), Reason.InvalidContent, "window", "128 MiB", "--long=27");
    refused(fixture("/c.tar.zst"), Reason.InvalidContent, "window", "128 MiB", "--long=27");
    notCorrupt(fixture("/b.tar.xz"));
    notCorrupt(fixture("/b.tar.zst"));
  }

  @ParameterizedTest
  @CsvSource({
    "x.tar.gz, tar, Tar",
    "x.tar.xz, tar, Tar",
    "x.tar, gzip, TarGz",
    "x.tar, zstd, TarZst",
    "x.tar.gz, xz, TarXz",
    "x.tar.zst, bzip2, TarBz2",
    "x.tar.bz2, zip, Zip",
  })
  void saysWhichFormatToWriteWhenTheNameSaysAnother(String name, String kind, String format)
      throws Exception {
    server.serve(
        "/" + name,
        switch (kind) {
          case "gzip" -> Archives.gzip(tar);
          case "zstd" -> Archives.zstd(tar);
          case "xz" -> Archives.xz(tar, 1 << 12);
          case "bzip2" -> Archives.bzip2(tar);
          case "zip" -> Archives.zip(z -> z.file("a", "x", 0644));
          default -> tar;
        });

    refused(
        fixture("/" + name),
        Reason.InvalidContent,
        "spec.source.unpack.format: " + format,
        kind.equals("tar") ? "plain tar" : kind);
    notCorrupt(fixture("/" + name));
  }

  @Test
  void aTarWhoseFirstNameLooksLikeAnotherFormatIsATar() throws Exception {
    server.serve("/x.tar", Archives.tar(t -> t.file("BZh9", "x").file("PK\u0003\u0004", "x")));

    assertThat(fixture("/x.tar").fetch().tree().files()).isEqualTo(2);
  }

  @Test
  void saysThatAnArchiveHasNoBytesOrWasCutOff() throws Exception {
    byte[] gzip = Archives.gzip(tar);
    byte[] xz = Archives.xz(tar, 1 << 12);
    byte[] bzip2 = Archives.bzip2(tar);
    server
        .serve("/empty.tar", new byte[0])
        .serve("/empty.tar.gz", new byte[0])
        .serve("/empty.zip", new byte[0])
        .serve("/cut.tar.gz", Arrays.copyOf(gzip, 40))
        .serve("/cut.tar.xz", Arrays.copyOf(xz, xz.length - 20))
        .serve("/cut.tar.bz2", Arrays.copyOf(bzip2, bzip2.length - 8))
        .serve("/noise.tar.bz2", "BZh9 is not what follows".getBytes(StandardCharsets.UTF_8));

    for (var name : List.of("/empty.tar", "/empty.tar.gz", "/empty.zip")) {
      refused(fixture(name), Reason.InvalidContent, "the source has no bytes");
      notCorrupt(fixture(name));
    }
    for (var name : List.of("/cut.tar.gz", "/cut.tar.xz", "/cut.tar.bz2", "/noise.tar.bz2")) {
      refused(fixture(name), Reason.InvalidContent, "the archive is corrupt: ");
      assertThatThrownBy(() -> fixture(name).fetch())
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("null"));
    }
  }

  @Test
  void readsMembersAndFramesAndPassesOverWhatIsBehindAGzip() throws Exception {
    byte[] one = Archives.tar(t -> t.file("a", Archives.noise(70_000), 0644).file("b", "x"));
    byte[] first = Arrays.copyOf(one, 66_000);
    byte[] second = Arrays.copyOfRange(one, 66_000, one.length);
    server
        .serve(
            "/x.tar.gz", joined(Archives.gzip(first), Archives.gzip(second), "--form".getBytes()))
        .serve("/x.tar.bz2", joined(Archives.bzip2(first), Archives.bzip2(second)))
        .serve("/x.tar.xz", joined(Archives.xz(first, 1 << 12), Archives.xz(second, 1 << 12)))
        .serve("/x.tar.zst", joined(Archives.zstd(first), Archives.zstd(second)));

    for (var name : List.of("/x.tar.gz", "/x.tar.bz2", "/x.tar.xz", "/x.tar.zst")) {
      assertThat(fixture(name).fetch().tree().files()).as(name).isEqualTo(2);
    }
  }

  private static byte[] joined(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  /** Without the end mark, so that another may follow. */
  private static byte[] tar(Archives.Filling filling) throws java.io.IOException {
    return Arrays.copyOf(Archives.tar(filling), 1024);
  }

  private FetchFixture fixture(String path) {
    return new FetchFixture(scratch, server.url(path));
  }

  private static void notCorrupt(FetchFixture fixture) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("corrupt"));
  }

  private static void refused(FetchFixture fixture, Reason reason, String... parts) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(reason, SourceException::reason);
  }
}
