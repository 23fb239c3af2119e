package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path scratch;
  private UnpackedTree tree;

  @BeforeEach
  void create() {
    tree = new UnpackedTree(scratch);
  }

  @Test
  void keepsFilesLinksExecutableBitsAndEmptyDirectoriesInTheOrderOfTheirPaths() throws Exception {
    var entries =
        tree.tar(
            Archives.tar(
                tar ->
                    tar.directory("d", 0755)
                        .file("d/run", "hello", 0755)
                        .file("d-x", "")
                        .link("d/to", "../d-x")
                        .directory("empty", 0755)));

    assertThat(entries)
        .containsExactly(
            new ManifestEntry.EmptyDirectory("d"),
            file(
                "d-x",
                0,
                false,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            file("d/run", 5, true, HELLO),
            new ManifestEntry.Link("d/to", "../d-x"),
            new ManifestEntry.EmptyDirectory("empty"));
    assertThat(tree.content("d/run")).isEqualTo("hello");
  }

  @Test
  void aTroubleWithoutAMessageIsToldByItsKind() {
    assertThat(ArchiveReader.corrupt(new EOFException()))
        .hasMessage("the archive is corrupt: EOFException");
  }

  @Test
  void reducesModesToTheExecutableBit() throws Exception {
    var entries =
        tree.tar(
            Archives.tar(
                tar ->
                    tar.directory("locked", 0555)
                        .file("locked/inside", "hello")
                        .file("nobody", "hello", 0)
                        .file("setuid", "hello", 04755)));

    assertThat(entries)
        .contains(
            file("locked/inside", 5, false, HELLO),
            file("nobody", 5, false, HELLO),
            file("setuid", 5, true, HELLO));
    assertThat(Files.getPosixFilePermissions(scratch.resolve("tree/setuid")).toString())
        .doesNotContain("EXECUTE");
  }

  @Test
  void readsLongNamesOfBothKinds() throws Exception {
    var name = "d".repeat(120) + "/" + "ü".repeat(100);

    for (var archive :
        List.of(
            Archives.tar(tar -> tar.file(name, "hello").link("to", name)),
            Archives.gnuTar(tar -> tar.file("g/" + name, "hello").link("g/to", name)))) {
      assertThat(tree.tar(archive)).anyMatch(entry -> entry.path().endsWith(name));
    }
  }

  @Test
  void makesHardLinksFilesOfTheirOwn() throws Exception {
    var entries = tree.tar(Archives.tar(tar -> tar.file("a/x", "hello").hardLink("b/y", "a/x")));

    assertThat(entries).containsExactly(file("a/x", 5, false, HELLO), file("b/y", 5, false, HELLO));
  }

  @Test
  void stripsAndExcludes() throws Exception {
    tree =
        new UnpackedTree(
            scratch,
            0,
            new SeederTask.Files(List.of(), List.of(".git*", "/docs")),
            new SeederTask.Unpack("Tar", 1, null));
    var archive =
        Archives.tar(
            tar ->
                tar.directory("top", 0755)
                    .file("top/a", "hello")
                    .file("top/.gitignore", "")
                    .file("top/docs/b", "")
                    .hardLink("top/c", "top/a"));

    assertThat(tree.tar(archive))
        .containsExactly(file("a", 5, false, HELLO), file("c", 5, false, HELLO));
  }

  @Test
  void refusesNamesAndLinksThatLeadOut() {
    refused(tar -> tar.file("../evil", "x"), "../evil", "leads out of the archive");
    refused(tar -> tar.file("/etc/evil", "x"), "/etc/evil", "absolute path");
    refused(tar -> tar.link("l", "/etc/passwd"), "'l'", "/etc/passwd");
    refused(tar -> tar.link("a/l", "../../x"), "'a/l'", "may lead out of the tree");
    refused(tar -> tar.link("l", "a/../../x"), "'l'", "may lead out of the tree");
    refused(tar -> tar.hardLink("h", "/etc/passwd"), "/etc/passwd", "absolute path");
    refused(tar -> tar.file("l", "x").hardLink("h", "missing"), "h is a hard link to missing");
  }

  @Test
  void nothingIsWrittenThroughALink() {
    refused(tar -> tar.link("l", "d").file("l/x", "x"), "l/x", "not a directory");
    refused(tar -> tar.file("f", "x").file("f/x", "x"), "f/x", "not a directory");
    refused(tar -> tar.file("d/x", "x").link("d", "e"), "entry d is a link");
  }

  @Test
  void saysHowManyLinksAreLeftOutAndNamesTheFirst() throws Exception {
    tree = UnpackedTree.of(scratch, new SeederTask.Unpack("Tar", 0, "LeaveOut"));
    tree.tar(Archives.tar(tar -> tar.file("a", "x").link("l", "/x").link("m", "a")));

    assertThat(tree.note())
        .isEqualTo(
            "1 symbolic link is left out, because it is absolute or may lead out of the content: l");

    tree =
        UnpackedTree.of(
            Files.createDirectory(scratch.resolve("many")),
            new SeederTask.Unpack("Tar", 0, "LeaveOut"));
    tree.tar(
        Archives.tar(
            tar -> {
              tar.file("a", "x");
              for (int i = 0; i < 900; i++) {
                tar.link("bin/%04d".formatted(i), "../../x");
              }
            }));
    assertThat(tree.note())
        .isEqualTo(
            "900 symbolic links are left out, because they are absolute or may lead out of the"
                + " content: bin/0000, bin/0001, bin/0002, bin/0003, bin/0004 and 895 more");
    assertThat(tree.manifest()).hasSize(1);
  }

  @Test
  void refusesDevicesAndPipes() {
    refused(tar -> tar.special("dev", TarConstants.LF_CHR, ""), "dev is a character device");
    refused(tar -> tar.special("disk", TarConstants.LF_BLK, ""), "disk is a block device");
    refused(tar -> tar.special("pipe", TarConstants.LF_FIFO, ""), "pipe is a named pipe");
  }

  @Test
  void namesOnlyTheEntryThatIsRefused() throws Exception {
    var tar = new RawTar().file("a", "x");
    byte[] odd = tar.entry(tar.header("bad", 'Z', "", 0, 0644), new byte[0]).end();

    assertThatThrownBy(() -> tree.tar(odd))
        .hasMessageContaining("entry bad has type 0x5a")
        .hasMessageNotContaining("entry a");
  }

  @Test
  void refusesTheManifestsName() {
    refused(tar -> tar.file(".corvid-manifest", "x"), ".corvid-manifest");
  }

  @Test
  void refusesAnEmptyArchive() {
    refused(tar -> {}, "the archive is empty");
    refused(tar -> tar.directory("d", 0755), "holds no file");
  }

  @Test
  void refusesWhatIsCutOffOrNoTar() throws Exception {
    byte[] whole = Archives.tar(tar -> tar.file("a", "x".repeat(3000)).file("b", "y"));

    refused(Arrays.copyOf(whole, 2000), "the tar ends within an entry", "after the entry a");
    refused(Arrays.copyOf(whole, 512 + 3072), "no end mark", "after the entry a");
    refused(Arrays.copyOf(whole, 512 + 3072 + 100), "ends within a header");
    refused("<html>not found</html>".repeat(100).getBytes(StandardCharsets.UTF_8), "not a tar");
    refused(new byte[0], "no end mark");
    whole[3] ^= 1;
    refused(whole, "checksum is wrong");
  }

  @Test
  void saysWithFiguresThatScratchIsTooSmall() throws Exception {
    tree = UnpackedTree.within(scratch, 64 << 10);
    byte[] archive = Archives.tar(tar -> tar.file("a", "x".repeat(100_000)));

    assertThatThrownBy(() -> tree.tar(archive))
        .hasMessageContaining("scratch of 64Ki is too small")
        .hasMessageContaining("spec.seeder.scratch.sizeLimit")
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(Reason.InsufficientDisk, SourceException::reason);
  }

  private void refused(Archives.Filling filling, String... parts) {
    try {
      refused(Archives.tar(filling), parts);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(byte[] archive, String... parts) throws IOException {
    var own = new UnpackedTree(Files.createTempDirectory(scratch, "refused"));
    assertThatThrownBy(() -> own.tar(archive))
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(Reason.InvalidContent, SourceException::reason);
  }

  private static ManifestEntry file(String path, long size, boolean executable, String sha256) {
    return new ManifestEntry.File(path, size, executable, sha256);
  }
}
