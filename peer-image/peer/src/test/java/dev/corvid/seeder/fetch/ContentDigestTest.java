package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.corvid.seeder.SeededRevision;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.seeder.unpack.ContentDigest;
import dev.corvid.seeder.unpack.RandomTar;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is said beforehand is what a seeder makes of the same bytes, or refuses in the same words.
 */
class ContentDigestTest {
  private static final SeederTask.Files ALL = new SeederTask.Files(null, null);
  private static final SeederTask.Unpack AUTO = new SeederTask.Unpack(null, 0, null);

  private final SourceServer server = new SourceServer();
  @TempDir Path directory;

  @AfterEach
  void close() {
    server.close();
  }

  private record Sample(
      String name, byte[] bytes, SeederTask.Files files, SeederTask.Unpack unpack) {}

  @TestFactory
  Stream<DynamicTest> isWhatTheSeederPublishes() throws Exception {
    byte[] tar = tree();
    var stripped = new SeederTask.Unpack("Auto", 1, "LeaveOut");
    var some = new SeederTask.Files(List.of("bin", "*.md"), List.of("secret.md"));
    byte[] zip =
        Archives.zip(
            z ->
                z.file("top/bin/run", "#!/bin/sh", 0100755)
                    .file("top/bin/python", "/usr/bin/python3", 0120777)
                    .file("top/empty/", "", 040755)
                    .file("top/a.md", "a", 0100644));
    return Stream.of(
            new Sample("x.tar", tar, ALL, stripped),
            new Sample("x.tar", tar, some, stripped),
            new Sample("x.tar.gz", Archives.gzip(tar), ALL, stripped),
            new Sample("x.tar.zst", Archives.zstd(tar), some, stripped),
            new Sample("x.tar.bz2", Archives.bzip2(tar), ALL, stripped),
            new Sample("x.tar.xz", Archives.xz(tar, 1 << 20), ALL, stripped),
            new Sample("x.tar", Arrays.copyOf(tar, tar.length + 20_000), ALL, stripped),
            new Sample("x.zip", zip, ALL, stripped),
            new Sample("x.zip", zip, some, stripped),
            new Sample("x.bin", tar, ALL, new SeederTask.Unpack("Tar", 1, "LeaveOut")),
            new Sample("x.bin", Archives.noise(100_000), ALL, AUTO),
            new Sample("x.bin", Archives.gzip(tar), ALL, AUTO),
            new Sample("x.bin", tar, new SeederTask.Files(List.of("x.*"), List.of("y")), AUTO),
            new Sample("x.tar", tar, ALL, new SeederTask.Unpack("None", 0, null)),
            new Sample("x.bin", new byte[] {1}, ALL, AUTO),
            // Refused.
            new Sample(
                "x.tar",
                Archives.tar(t -> t.file(".corvid-manifest/x", "below the manifest")),
                ALL,
                AUTO),
            new Sample(
                "x.tar", Archives.tar(t -> t.directory(".corvid-manifest", 0755)), ALL, AUTO),
            new Sample("x.tar", tar, ALL, AUTO),
            new Sample("x.tar", tar, new SeederTask.Files(List.of("[a"), null), stripped),
            new Sample("x.tar", tar, new SeederTask.Files(List.of("nothing"), null), stripped),
            new Sample("x.tar", Archives.gzip(tar), ALL, AUTO),
            new Sample("x.tar.gz", tar, ALL, AUTO),
            new Sample("x.zip", tar, ALL, AUTO),
            new Sample("x.tgz", Arrays.copyOf(Archives.gzip(tar), 300), ALL, stripped))
        .map(
            sample ->
                DynamicTest.dynamicTest(
                    "%s, %s, %s".formatted(sample.name(), sample.files(), sample.unpack()),
                    () -> isWhatTheSeederPublishes(sample)));
  }

  @TestFactory
  Stream<DynamicTest> isWhatTheSeederPublishesOfAnyTar() {
    return LongStream.range(0, 12)
        .mapToObj(
            seed ->
                DynamicTest.dynamicTest(
                    "seed " + seed,
                    () ->
                        isWhatTheSeederPublishes(
                            new Sample(
                                "x.tar",
                                new RandomTar(seed, true).bytes(),
                                ALL,
                                new SeederTask.Unpack("Auto", 0, "LeaveOut")))));
  }

  private void isWhatTheSeederPublishes(Sample sample) throws Exception {
    server.serve("/" + sample.name(), sample.bytes());
    var url = server.url("/" + sample.name());
    var fixture = new FetchFixture(Files.createTempDirectory(directory, "seeder"), url);
    fixture.files = sample.files();
    fixture.unpack = sample.unpack();
    var file =
        Files.write(Files.createTempDirectory(directory, "x").resolve("other"), sample.bytes());
    SeededRevision revision;
    try {
      revision = fixture.revision();
    } catch (SourceException e) {
      assertThatThrownBy(() -> digest(file, sample))
          .hasMessage(e.getMessage().replace(url + ": ", "").replace(url, file.toString()));
      return;
    }

    var digest = digest(file, sample);

    assertThat(digest.manifestDigest()).isEqualTo(revision.content().manifestDigest());
    assertThat(digest.revision()).isEqualTo(revision.content().revision());
    assertThat(digest.sourceDigest()).isEqualTo(revision.sourceDigest());
    assertThat(digest.sizeBytes()).isEqualTo(revision.content().sizeBytes());
    assertThat(digest.fileCount()).isEqualTo(revision.content().fileCount());
    var note = revision.note() == null ? "" : revision.note();
    assertThat(digest.note() == null ? "" : digest.note())
        .isEqualTo(note.replace(url, file.toString()));
  }

  private ContentDigest.Result digest(Path content, Sample sample) throws IOException {
    return ContentDigest.of(
        new ContentDigest.Request(content, sample.name(), sample.files(), sample.unpack()),
        Files.createTempDirectory(directory, "digest"));
  }

  private static byte[] tree() throws IOException {
    return Archives.tar(
        tar ->
            tar.directory("top", 0755)
                .directory("top/empty", 0755)
                .directory("top/bin", 0755)
                .file("top/bin/run", "#!/bin/sh", 0755)
                .link("top/bin/python", "/usr/bin/python3")
                .hardLink("top/bin/again", "top/bin/run")
                .file("top/a.md", "an earlier one")
                .file("top/a.md", "a")
                .file("top/secret.md", "s")
                .link("top/bin/up", "../a.md")
                .file("top/large", Archives.noise(300_000), 0644));
  }

  @Test
  void ofADirectoryIsThatOfATarOfIt() throws Exception {
    var tree = Files.createDirectories(directory.resolve("tree"));
    Files.createDirectories(tree.resolve("empty/below"));
    Files.createDirectories(tree.resolve(".git"));
    Files.writeString(tree.resolve(".git/config"), "kept, unless a pattern says otherwise");
    Files.writeString(tree.resolve("run"), "#!/bin/sh").toFile().setExecutable(true);
    Files.write(tree.resolve("ünïcode name"), Archives.noise(70_000));
    Files.createLink(tree.resolve("hard"), tree.resolve("run"));
    Files.createDirectories(tree.resolve("bin"));
    Files.createSymbolicLink(tree.resolve("bin/run"), Path.of("../run"));
    Files.createSymbolicLink(tree.resolve("bin/python"), Path.of("/usr/bin/python3"));
    var archive = directory.resolve("tree.tar");
    var tar =
        new ProcessBuilder("tar", "-C", tree.toString(), "-cf", archive.toString(), ".")
            .inheritIO();
    tar.environment().put("LC_ALL", "C.UTF-8");
    assertThat(tar.start().waitFor()).isZero();

    for (var files :
        List.of(
            ALL,
            new SeederTask.Files(List.of("bin", "run", "hard", "empty"), List.of()),
            new SeederTask.Files(List.of(), List.of(".git", "below")))) {
      var unpack = new SeederTask.Unpack("Auto", 0, "LeaveOut");
      var ofTree = digest(tree, new Sample("tree", null, files, unpack));
      var ofTar = digest(archive, new Sample("tree.tar", null, files, unpack));
      assertThat(ofTree.manifestDigest()).as("%s", files).isEqualTo(ofTar.manifestDigest());
      assertThat(ofTree.note()).isEqualTo(ofTar.note()).contains("bin/python");
      assertThat(ofTree.sourceDigest()).isNull();
    }
    assertThat(
            digest(tree, new Sample("t", null, ALL, new SeederTask.Unpack("Auto", 0, "LeaveOut")))
                .fileCount())
        .isEqualTo(4);
    assertThat(catchThrowable(() -> digest(tree, new Sample("tree", null, ALL, AUTO))))
        .hasMessageContaining("'bin/python' links to '/usr/bin/python3'");
  }

  @Test
  void keepsNoneOfTheBytes() throws Exception {
    var file = directory.resolve("x.tar");
    Files.write(file, Archives.tar(tar -> tar.file("a", Archives.noise(4 << 20), 0644)));
    var scratch = Files.createDirectory(directory.resolve("scratch"));

    ContentDigest.of(new ContentDigest.Request(file, "x.tar", ALL, AUTO), scratch);

    try (var all = Files.walk(scratch)) {
      assertThat(all.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum())
          .isLessThan(1000);
    }
  }
}
