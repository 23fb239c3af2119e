package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make} takes of a tree. */
class MakeSelectionTest {
  @TempDir Path directory;
  private Path tree;
  private Path torrent;

  @BeforeEach
  void prepare() throws IOException {
    tree = directory.resolve("tree");
    torrent = directory.resolve("x.torrent");
    for (var file : List.of("a.bin", "a.log", "logs/keep.txt", "logs/old.txt", "sub/b.log")) {
      Files.createDirectories(tree.resolve(file).getParent());
      Files.writeString(tree.resolve(file), file);
    }
  }

  private Cli make(String... options) {
    var arguments = new ArrayList<Object>(List.of("make", tree, "-o", torrent));
    arguments.addAll(List.of(options));
    return Cli.run(arguments.toArray());
  }

  private List<String> paths() throws IOException {
    var info = TorrentFile.parse(Files.readAllBytes(torrent)).metainfo();
    return IntStream.range(0, info.fileCount())
        .filter(file -> info.kind(file) != FileKind.PAD)
        .mapToObj(info::path)
        .toList();
  }

  @Test
  void leavesOutWhatMatchesAndAllBelowIt() throws IOException {
    assertThat(make("--exclude", "*.log", "--exclude", "/logs/").err()).isEmpty();
    assertThat(paths()).containsExactly("a.bin");

    assertThat(make("--exclude", "/*.log").exitCode()).isZero();
    assertThat(paths()).contains("sub/b.log").doesNotContain("a.log");
  }

  @Test
  void takesOnlyWhatIsIncluded() throws IOException {
    assertThat(make("--include", "*.log", "--include", "/logs").err()).isEmpty();
    assertThat(paths()).containsExactly("a.log", "logs/keep.txt", "logs/old.txt", "sub/b.log");
  }

  /** As in a release's source.files. */
  @Test
  void leavesOutWhatIsExcludedOfWhatIsIncluded() throws IOException {
    var made = make("--include", "logs", "--exclude", "old.*");

    assertThat(made.err()).isEmpty();
    assertThat(paths()).containsExactly("logs/keep.txt");
  }

  @Test
  void leavesOutTheDirectoryGitAndSaysSo() throws IOException {
    Files.createDirectories(tree.resolve(".git/objects"));
    Files.writeString(tree.resolve(".git/objects/1"), "1");
    Files.writeString(tree.resolve("sub/.git"), "gitdir: ../.git/modules/sub");

    assertThat(make().err()).isEqualTo("left out: .git; --keep-git keeps it\n");
    assertThat(paths()).contains("sub/.git").noneMatch(path -> path.startsWith(".git"));

    assertThat(make("--keep-git").err()).isEmpty();
    assertThat(paths()).contains(".git/objects/1", "a.bin");
  }

  @Test
  void saysWhichPatternMatchesNothing() throws IOException {
    assertThat(make("--exclude", "*.tmp", "--include", "x", "--include", "**").err())
        .isEqualTo("--exclude matches nothing by *.tmp\n--include matches nothing by x\n");
    assertThat(paths()).hasSize(5);
  }

  @Test
  void refusesAPatternThatCanMatchNothing() {
    var made = make("--exclude", "logs/[a");

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err()).contains("--exclude: the pattern 'logs/[a' has a [ that is not closed");
  }

  @Test
  void leavesOutWhatATorrentCannotHold() throws Exception {
    new ProcessBuilder("mkfifo", tree.resolve("pipe").toString()).start().waitFor();

    assertThat(make().err()).contains("pipe is neither a file", "--exclude");
    assertThat(make("--exclude", "pipe").exitCode()).isZero();
  }

  @Test
  void makesNoTorrentOfNothing() {
    var made = make("--exclude", "*");

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err()).contains("nothing is left", "by --exclude (*)").hasLineCount(1);
    assertThat(torrent).doesNotExist();
  }

  @Test
  void matchesASingleFileByItsName() throws IOException {
    assertThat(Cli.run("make", tree.resolve("a.bin"), "-o", torrent, "--exclude", "x").err())
        .isEqualTo("--exclude matches nothing by x\n");
    assertThat(torrent).exists();

    var made = Cli.run("make", tree.resolve("a.bin"), "-o", torrent, "--include", "*.txt");
    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err()).contains("nothing is left of", "a.bin by --include (*.txt)");
  }
}
