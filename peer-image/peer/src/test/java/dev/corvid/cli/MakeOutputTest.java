package dev.corvid.cli;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.lifecycle.Termination;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code make} takes for a file, and where it writes. */
class MakeOutputTest {
  @TempDir Path directory;
  private Path tree;
  private Path torrent;

  @BeforeEach
  void prepare() throws IOException {
    tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a"), "a");
    torrent = directory.resolve("x.torrent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/dev/null"})
  void refusesADeviceForAFile(String device) {
    assertThat(Cli.run("make", device, "-o", torrent))
        .isEqualTo(
            new Cli(
                1,
                "",
                "corvid: %s is neither a file nor a directory: a torrent cannot hold it\n"
                    .formatted(device)));
    assertThat(torrent).doesNotExist();
  }

  @Test
  void refusesAFileThatIsLongerThanItSays() {
    var made = Cli.run("make", "/proc/self/stat", "-o", torrent);

    assertThat(made.exitCode()).isEqualTo(1);
    assertThat(made.err()).contains("has bytes although its size is 0: publish a copy of it");
    assertThat(torrent).doesNotExist();
  }

  @Test
  void leavesOtherFilesInTheDirectoryOfTheTorrentAlone() throws IOException {
    var part = Files.writeString(directory.resolve("x.torrent.part"), "mine");
    Files.writeString(torrent, "an earlier one");

    assertThat(Cli.run("make", tree, "-o", torrent).exitCode()).isZero();
    assertThat(part).hasContent("mine");
    assertThat(torrent.toFile().length()).isGreaterThan(100);
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void refusesAnOutputThatCannotBeWrittenBeforeItReadsTheContent() throws IOException {
    var missing = directory.resolve("no/such/x.torrent");
    var unread = directory.resolve("sparse");
    try (var file = Files.newByteChannel(Files.createFile(unread), WRITE)) {
      file.position(1L << 40).write(ByteBuffer.wrap(new byte[1])); // hashing takes an hour
    }

    assertThat(Cli.run("make", unread, "-o", missing).err())
        .isEqualTo("corvid: there is no directory " + missing.getParent() + "\n");
    assertThat(Cli.run("make", unread, "-o", tree).err())
        .contains(tree + " is a directory: name the torrent in it");
    assertThat(Cli.run("make", unread, "-o", tree.resolve("a/x.torrent")).err())
        .isEqualTo("corvid: " + tree.resolve("a") + " is not a directory\n");
    assertThat(Cli.run("make", unread, "-o", "/dev/null").err())
        .isEqualTo("corvid: /dev/null is not a file that a torrent could replace\n");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(tree, unread);
    }
  }

  @Test
  void endsWhenItIsToldTo() throws IOException {
    var large = Files.createFile(directory.resolve("sparse"));
    try (var file = Files.newByteChannel(large, WRITE)) {
      file.position(1L << 30).write(ByteBuffer.wrap(new byte[1]));
    }
    var termination = new Termination();
    termination.request();

    assertThat(Corvid.run(termination, "make", large.toString(), "-o", torrent.toString()))
        .isEqualTo(1);
    assertThat(torrent).doesNotExist();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void refusesAnOutputInsideTheContentAlsoThroughALink() throws IOException {
    var link = Files.createSymbolicLink(directory.resolve("link"), tree);
    var made = Cli.run("make", tree, "-o", link.resolve("x.torrent"));

    assertThat(made.exitCode()).isEqualTo(2);
    assertThat(made.err()).startsWith("the torrent would be inside its own content");
  }

  @Test
  void aDirectoryWhoseFilesWereLeftOutIsNotCalledEmpty() throws IOException {
    Files.createFile(Files.createDirectories(tree.resolve("objects/below")).resolve("x.o"));

    assertThat(Cli.run("make", tree, "-o", torrent, "--exclude", "*.o").err()).isEmpty();
    Files.createDirectory(tree.resolve("objects/empty"));
    assertThat(Cli.run("make", tree, "-o", torrent, "--exclude", "*.o").err())
        .isEqualTo("left out: 1 empty directories\n");
  }
}
