package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code digest} prints; that it is what a seeder publishes is ContentDigestTest's. */
class DigestCommandTest {
  private static final String HELLO =
      "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  /** Of the one file `x.bin` with those five bytes. */
  private static final String MANIFEST =
      "sha256:acbfb61ca1cdbd90ed4c124b0975f663531a06755f699b69248bd5c78f9f564d";

  @TempDir Path directory;
  private Path tree;
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(tree.resolve("a"), "hello");
    Files.writeString(tree.resolve("b.md"), "b");
    file = Files.writeString(directory.resolve("x.bin"), "hello");
  }

  @Test
  void printsTheNamesOfAFile() {
    var printed = Cli.run("digest", file);

    assertThat(printed.err()).isEmpty();
    assertThat(printed.exitCode()).isZero();
    assertThat(printed.out())
        .isEqualTo(
            """
            manifestDigest: %s
            revision: %s
            http.digest: %s
            sizeBytes: 5
            fileCount: 1
            """
                .formatted(MANIFEST, MANIFEST.substring(7, 19), HELLO));
  }

  @Test
  void printsThemAsJson() throws IOException {
    var printed = Cli.run("digest", file, "-o", "json", "--exclude", "*.md");

    var json = new ObjectMapper().readTree(printed.out());
    assertThat(json.path("manifestDigest").asText()).isEqualTo(MANIFEST);
    assertThat(json.path("revision").asText()).isEqualTo(MANIFEST.substring(7, 19));
    assertThat(json.at("/http/digest").asText()).isEqualTo(HELLO);
    assertThat(json.path("sizeBytes").asLong()).isEqualTo(5);
    assertThat(json.path("fileCount").asInt()).isEqualTo(1);
    assertThat(json.path("note").asText()).isEqualTo("--exclude matches nothing by *.md");
    assertThat(printed.out()).hasLineCount(1);
  }

  @Test
  void takesTheNameThatTheFileHasAtTheSource() throws IOException {
    var other = Files.copy(file, directory.resolve("download"));

    assertThat(Cli.run("digest", other).out()).doesNotContain(MANIFEST);
    assertThat(Cli.run("digest", other, "--name", "x.bin").out()).contains(MANIFEST);
    assertThat(Cli.run("digest", other, "--name", "x.tar").err())
        .startsWith("corvid: ")
        .contains("the tar ends within a header")
        .hasLineCount(1);
    assertThat(Cli.run("digest", other, "--name", "..").err())
        .contains("a file that is not unpacked is called by the last part of its URL", "'..'")
        .hasLineCount(1);
  }

  /** A seeder of {@code https://a/x%2Ebin?token=1} calls the file {@code x.bin}. */
  @ParameterizedTest
  @ValueSource(strings = {"x%2Ebin", "%78.bin", "x.bin?token=1", "x.bin#part"})
  void takesTheNameAsItIsInTheUrl(String name) throws IOException {
    var other = Files.copy(file, directory.resolve("download"));

    assertThat(Cli.run("digest", other, "--name", name).out()).contains(MANIFEST);
  }

  @Test
  void hasNoDigestOfBytesForADirectory() throws IOException {
    var printed = Cli.run("digest", tree, "--output", "json");

    var json = new ObjectMapper().readTree(printed.out());
    assertThat(json.has("http")).isFalse();
    assertThat(json.path("fileCount").asInt()).isEqualTo(2);
    assertThat(Cli.run("digest", tree, "--include", "a").out())
        .isEqualTo(Cli.run("digest", tree, "--exclude", "*.md").out())
        .contains("fileCount: 1");
  }

  @Test
  void leavesOutOnlyWhatIsNamed() throws IOException {
    Files.createDirectories(tree.resolve(".git"));
    Files.writeString(tree.resolve(".git/config"), "x");

    assertThat(Cli.run("digest", tree).out()).contains("fileCount: 3");
    assertThat(Cli.run("digest", tree, "--exclude", ".git").out()).contains("fileCount: 2");
  }

  @Test
  void saysInTheWordsOfItsOptionsWhatASeederWouldRefuse() throws Exception {
    Files.createSymbolicLink(tree.resolve("python"), Path.of("/usr/bin/python3"));
    new ProcessBuilder("mkfifo", tree.resolve("pipe").toString()).start().waitFor();

    refused("the directory's entry pipe is a named pipe", "leave it out by --exclude");
    refused("'python' links to '/usr/bin/python3'", "--unsafe-links LeaveOut", "--exclude", "pipe");
    refused("the directory holds no file that --include (*.txt)", "leaves", "--include", "*.txt");
    refused("--exclude: the pattern '[a' has a [ that is not closed", "", "--exclude", "[a");
    assertThat(Cli.run("digest", tree, "--exclude", "pipe", "--unsafe-links", "LeaveOut").err())
        .isEqualTo(
            "1 symbolic link is left out, because it is absolute or may lead out of the content:"
                + " python\n");
    assertThat(Cli.run("digest", tree).err()).startsWith("corvid: " + tree + ": the directory's");
    var stripped = Cli.run("digest", file, "--strip-components", "1");
    assertThat(stripped.err())
        .contains("x.bin is released as one file", "--strip-components", "write --format if")
        .doesNotContain("spec.");
    assertThat(Cli.run("digest", directory.resolve("absent")).err())
        .contains("there is no file ", "absent")
        .hasLineCount(1);
  }

  private void refused(String why, String remedy, String... options) {
    var arguments = new ArrayList<Object>(List.of("digest", tree));
    arguments.addAll(List.of(options));
    var refused = Cli.run(arguments.toArray());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("corvid: ")
        .contains(why, remedy)
        .doesNotContain("spec.", "archive")
        .hasLineCount(1);
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void refusesWhatCannotBeMeant() {
    wrongUsage("--format must be one of Auto, None, Tar", file, "--format", "tar");
    wrongUsage("are about files", tree, "--format", "Tar");
    wrongUsage("are about files", tree, "--name", "x.tar");
    wrongUsage("without a slash: 'a/b'", directory.resolve("x.bin"), "--name", "a/b");
    wrongUsage("--unsafe-links is neither Refuse nor LeaveOut", tree, "--unsafe-links", "Keep");
    wrongUsage("--strip-components must be", tree, "--strip-components", "33");
    wrongUsage("--output", tree, "-o", "yaml");
  }

  private static void wrongUsage(String why, Path content, String... options) {
    var arguments = new ArrayList<Object>(List.of("digest", content));
    arguments.addAll(List.of(options));
    var refused = Cli.run(arguments.toArray());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains(why);
  }

  @Test
  void explainsItself() {
    assertThat(Cli.run("digest", "--help").out())
        .contains("--strip-components", "Auto, None, Tar, TarGz", "text, json", "Exit codes:");
  }
}
