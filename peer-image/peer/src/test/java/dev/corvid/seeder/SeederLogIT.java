package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.corvid.cli.Corvid;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of a real seeder: what it fetched from where, and nothing but JSON. */
class SeederLogIT {
  /** Where these are set, Java writes a line that says so. */
  private static final Set<String> LINES_OF_JAVA =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  @TempDir Path directory;
  private SeederFixture pods;
  private Process process;

  @BeforeEach
  void open() throws IOException {
    pods = new SeederFixture(directory);
  }

  @AfterEach
  void close() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
    pods.close();
  }

  @Test
  void tellsWhatItFetchesAndPublishes() throws Exception {
    pods.source.serve("/model.bin", Archives.noise(1000));
    var mirrors = List.of(pods.source.url("/model.bin"));
    start(withMirrors(pods.task("/gone.bin?sig=secret", null), mirrors));
    String revision = pods.published().content().revision();
    await().until(() -> Files.readString(log()).contains("\"Published\""));
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(events())
        .containsExactly("FetchBegan", "MirrorTried", "FetchBegan", "FetchEnded", "Published");
    for (JsonNode line : lines()) {
      for (String key : List.of("time", "level", "logger", "message")) {
        assertThat(line.path(key).asText()).as("%s in %s", key, line).isNotEmpty();
      }
      assertThat(line.toString()).doesNotContain("secret");
      if (line.has("event")) {
        assertThat(line.path("release").asText()).isEqualTo("search/model");
        assertThat(line.path("uid").asText()).isEqualTo("uid-1");
      }
    }
    assertThat(line("MirrorTried").path("url").asText()).endsWith("/gone.bin");
    assertThat(line("MirrorTried").path("reason").asText()).isEqualTo("SourceUnreachable");
    assertThat(line("FetchEnded").path("bytes").asLong()).isEqualTo(1000);
    assertThat(line("FetchEnded").has("seconds")).isTrue();
    assertThat(line("Published").path("revision").asText()).isEqualTo(revision);
  }

  /** Of the largest spec, and more than Linux lets into one variable of the environment. */
  @Test
  void runsTheLargestTask() throws Exception {
    pods.source.serve("/model.bin", Archives.noise(1000));
    var mirrors = Collections.nCopies(7, pods.source.url("/model.bin?" + "$".repeat(2000)));
    start(
        withMirrors(
            pods.task("/model.bin", null), mirrors, Collections.nCopies(32, "é".repeat(255))));

    assertThat(pods.published().content().revision()).isNotEmpty();
  }

  @Test
  void saysAlsoInJsonWhyItCannotRun() throws Exception {
    start(null);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst().path("level").asText()).isEqualTo("ERROR");
    assertThat(lines().getFirst().path("message").asText()).contains(SeederTask.VARIABLE);
  }

  private void start(SeederTask task) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    var command = new ArrayList<>(List.of(java, "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classes));
    command.addAll(List.of(Corvid.class.getName(), "seeder", "--listen", "127.0.0.1:0"));
    command.addAll(List.of("--address", "127.0.0.1", "--http", "127.0.0.1:0"));
    command.addAll(List.of("--token", directory.resolve("token").toString()));
    var scratch = Files.createDirectories(directory.resolve("scratch"));
    command.addAll(List.of("--scratch", scratch.toString()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log().toFile());
    builder.environment().keySet().removeAll(LINES_OF_JAVA);
    if (task != null) {
      builder.environment().putAll(task.environment());
    }
    var key = Base64.getEncoder().encodeToString(SeederFixture.KEY);
    builder.environment().put(SeederTask.KEY_VARIABLE, key);
    process = builder.start();
  }

  private static SeederTask withMirrors(SeederTask task, List<String> mirrors) {
    return withMirrors(task, mirrors, List.of());
  }

  private static SeederTask withMirrors(
      SeederTask task, List<String> mirrors, List<String> excluded) {
    return new SeederTask(
        task.releaseUid(),
        task.release(),
        task.sourceHash(),
        task.swarmKey(),
        task.tracker(),
        new SeederTask.Http(task.http().url(), mirrors, null),
        task.manifestDigest(),
        new SeederTask.Files(List.of(), excluded),
        task.unpack(),
        task.pinned(),
        task.pieceLength(),
        task.scratchBytes(),
        task.egress(),
        null);
  }

  private Path log() {
    return directory.resolve("seeder.log");
  }

  /** Fails for a line that is no JSON. */
  private List<JsonNode> lines() throws IOException {
    var lines = new ArrayList<JsonNode>();
    for (String line : Files.readAllLines(log())) {
      lines.add(new JsonMapper().readTree(line));
    }
    return lines;
  }

  private List<String> events() throws IOException {
    return lines().stream()
        .filter(line -> line.has("event"))
        .map(line -> line.path("event").asText())
        .toList();
  }

  private JsonNode line(String event) throws IOException {
    return lines().stream()
        .filter(line -> line.path("event").asText().equals(event))
        .findFirst()
        .orElseThrow();
  }
}
