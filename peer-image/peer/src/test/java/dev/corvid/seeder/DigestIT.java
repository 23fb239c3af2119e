package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.corvid.cli.Corvid;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process, and a seeder's publication of the same archive. */
class DigestIT {
  @TempDir Path directory;
  private SeederFixture pods;
  private Path temporary;
  private Process process;

  @BeforeEach
  void open() throws IOException {
    pods = new SeederFixture(directory);
    temporary = Files.createDirectory(directory.resolve("tmp"));
  }

  @AfterEach
  void close() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
    pods.close();
  }

  @Test
  void printsWhatASeederPublishesLater() throws Exception {
    byte[] archive =
        Archives.gzip(
            Archives.tar(
                tar ->
                    tar.directory("top", 0755)
                        .file("top/run", "#!/bin/sh", 0755)
                        .file("top/large", Archives.noise(3_000_000), 0644)
                        .link("top/python", "/usr/bin/python3")));
    var file = Files.write(directory.resolve("model.tgz"), archive);
    start(file, "--strip-components", "1", "--unsafe-links", "LeaveOut", "--exclude", "*.md");
    var printed = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();

    pods.source.serve("/model.tgz", archive);
    try (var _ = pods.open(task(), directory.resolve("scratch"))) {
      var published = pods.published();
      var json = new JsonMapper().readTree(printed);
      assertThat(json.path("manifestDigest").asText())
          .isEqualTo(published.content().manifestDigest());
      assertThat(json.path("revision").asText()).isEqualTo(published.content().revision());
      assertThat(json.at("/http/digest").asText()).isEqualTo(published.sourceDigest());
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void leavesNothingBehindWhenItIsToldToEnd() throws Exception {
    // A file that is large enough to take some time, and costs no disk.
    var sparse = directory.resolve("sparse.bin");
    try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    start(sparse);
    await().until(() -> temporary.toFile().list().length > 0);
    process.toHandle().destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("terminated before it was done")
        .hasLineCount(1);
    assertThat(temporary).isEmptyDirectory();
  }

  private void start(Path file, String... options) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Corvid.class.getName()));
    command.addAll(List.of("digest", file.toString(), "--output", "json"));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).start();
  }

  private SeederTask task() {
    var task = pods.task("/model.tgz", null);
    return new SeederTask(
        task.releaseUid(),
        task.release(),
        task.sourceHash(),
        task.swarmKey(),
        task.tracker(),
        task.http(),
        null,
        new SeederTask.Files(List.of(), List.of("*.md")),
        new SeederTask.Unpack("Auto", 1, "LeaveOut"),
        task.pinned(),
        task.pieceLength(),
        task.scratchBytes(),
        task.egress(),
        task.limits());
  }
}
