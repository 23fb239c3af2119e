package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakeCommandTest {
  private static final String TRACKER = "http://tracker:7070/announce";

  @TempDir Path directory;
  private Path tree;
  private Path torrent;

  @BeforeEach
  void prepare() throws IOException {
    tree = SampleTree.in(directory, 1_000_000);
    torrent = directory.resolve("x.torrent");
  }

  @Test
  void namesEverythingInTheTree() throws IOException {
    var made = Cli.run("make", tree, "-o", torrent, "--announce", TRACKER);
    var read = TorrentFile.parse(Files.readAllBytes(torrent));
    var info = read.metainfo();

    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    assertThat(made.out()).contains("pieces of 256KiB, info-hash " + info.infoHash());
    assertThat(read.trackers()).containsExactly(List.of(TRACKER));
    assertThat(info.name()).isEqualTo("tree");
    assertThat(
            IntStream.range(0, info.fileCount())
                .filter(file -> info.kind(file) != FileKind.PAD)
                .mapToObj(info::path))
        .containsExactlyElementsOf(SampleTree.describe(tree).keySet());
    var run =
        IntStream.range(0, info.fileCount())
            .filter(file -> "bin/run".equals(info.path(file)))
            .findFirst()
            .orElseThrow();
    assertThat(info.executable(run)).isTrue();
  }

  @Test
  void makesTheSameTorrentOfTheSameTree() throws IOException {
    Cli.run("make", tree, "-o", torrent, "--announce", TRACKER);
    Cli.run("make", tree + "/.", "-o", directory.resolve("y.torrent"), "--announce", TRACKER);

    assertThat(directory.resolve("y.torrent")).hasSameBinaryContentAs(torrent);
  }

  @Test
  void keepsASingleFileASingleFile() throws IOException {
    var made =
        Cli.run(
            "make",
            tree.resolve("large"),
            "-o",
            torrent,
            "--piece-length=16Ki",
            "--private",
            "--announce",
            TRACKER);
    var info = TorrentFile.parse(Files.readAllBytes(torrent)).metainfo();

    assertThat(made.exitCode()).isZero();
    assertThat(info.isSingleFile()).isTrue();
    assertThat(info.isPrivate()).isTrue();
    assertThat(info.pieceLength()).isEqualTo(16 << 10);
  }

  @Test
  void saysHowManyEmptyDirectoriesItLeavesOut() throws IOException {
    Files.createDirectories(tree.resolve("a/b"));

    assertThat(Cli.run("make", tree, "-o", torrent).err())
        .isEqualTo("left out: 1 empty directories\n");
  }

  @Test
  void refusesALinkOutOfTheTree() throws IOException {
    Files.createSymbolicLink(tree.resolve("bad"), Path.of("../../etc/passwd"));
    var made = Cli.run("make", tree, "-o", torrent);

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err())
        .isEqualTo("corvid: bad links to '../../etc/passwd', which may lead out of the tree\n");
    assertThat(torrent).doesNotExist();
  }

  @Test
  void refusesWhatIsNeitherFileNorLink() throws Exception {
    new ProcessBuilder("mkfifo", tree.resolve("pipe").toString()).start().waitFor();
    var made = Cli.run("make", tree, "-o", torrent);

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err()).contains("pipe is neither a file nor a link");
  }

  @Test
  void refusesANameThatIsNotText() throws Exception {
    new ProcessBuilder("bash", "-c", "touch \"$0/$(printf 'a\\xff')\"", tree.toString())
        .start()
        .waitFor();
    var made = Cli.run("make", tree, "-o", torrent);

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err()).contains("is not text: rename it").hasLineCount(1);
  }

  @Test
  void refusesALinkTextThatIsNotText() throws Exception {
    new ProcessBuilder("bash", "-c", "ln -s \"$(printf 'na\\xffme')\" \"$0/k\"", tree.toString())
        .start()
        .waitFor();
    var made = Cli.run("make", tree, "-o", torrent);

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err())
        .isEqualTo(
            "corvid: the target of the link %s is not text: replace it, or set the encoding of names with LC_ALL=C.UTF-8\n"
                .formatted(tree.resolve("k")));
    assertThat(torrent).doesNotExist();
  }

  @Test
  void refusesWhatIsNotThere() {
    var made = Cli.run("make", directory.resolve("nothing"), "-o", torrent);

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err())
        .isEqualTo("corvid: there is no file " + directory.resolve("nothing") + "\n");
  }

  @Test
  void refusesToWriteTheTorrentIntoItsContent() {
    var made = Cli.run("make", tree, "-o", tree.resolve("x.torrent"));

    assertThat(made.exitCode()).isEqualTo(2);
    assertThat(made.err()).startsWith("the torrent would be inside its own content");
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertThat(Cli.run("make", tree).exitCode()).isEqualTo(2);
    assertThat(Cli.run("make", tree, "-o", torrent, "--piece-length=100000").err())
        .startsWith("--piece-length must be a power of two");
    assertThat(Cli.run("make", tree, "-o", torrent, "--private").err())
        .startsWith("a private torrent needs --announce");
    assertThat(Cli.run("make", tree, "-o", torrent, "--announce=tracker:7070").err())
        .startsWith("'tracker:7070' is not the URL of a tracker");
    assertThat(torrent).doesNotExist();
  }
}
