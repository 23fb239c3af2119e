package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import dev.corvid.reference.DocumentedCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of README.md and docs/ for the program, in their order, with loopback for addresses. */
class DocumentedProgramTest {
  private static final Pattern PROGRAM =
      Pattern.compile("(?:java -jar \\S+/corvid-peer\\.jar|corvid) (.*)");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir Path directory;
  private final Deque<CorvidProcess> processes = new ArrayDeque<>();
  private String tracker;

  @AfterEach
  void endAll() {
    processes.forEach(CorvidProcess::close);
  }

  @Test
  void aTreeIsMadeSeededAndFetched() throws Exception {
    Path tree = SampleTree.in(directory, 1_000_000);
    List<List<String>> commands = commands("make", "tracker", "seed", "get");
    // A torrent names the tracker, which is begun in the second line, on a port of the kernel's.
    startTracker(commands.get(1));
    var made = Cli.run(arguments(commands.get(0)).toArray());
    assertThat(made.exitCode()).as(made.err()).isZero();
    start(commands.get(2), "--listen=127.0.0.1:0");
    var get = start(commands.get(3), "--listen=127.0.0.1:0");

    get.await("complete");
    assertThat(SampleTree.describe(directory.resolve("TARGET/tree")))
        .isEqualTo(SampleTree.describe(tree));
  }

  @Test
  void digestPrintsWhatThePageShows() throws Exception {
    List<String> command = commands("digest").getFirst();
    Path archive = directory.resolve(command.get(1));
    try (var tar =
        new TarArchiveOutputStream(new ZstdOutputStream(Files.newOutputStream(archive)))) {
      for (String name : List.of("top/model.bin", "top/model.onnx")) {
        var entry = new TarArchiveEntry(name);
        entry.setSize(5);
        tar.putArchiveEntry(entry);
        tar.write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        tar.closeArchiveEntry();
      }
    }

    var printed = Cli.run(arguments(command).toArray());

    assertThat(printed.exitCode()).as(printed.err()).isZero();
    assertThat(printed.out().lines().map(line -> line.replaceFirst(":.*", "")))
        .containsExactly("manifestDigest", "revision", "http.digest", "sizeBytes", "fileCount");
    assertThat(printed.out()).endsWith("fileCount: 1\n");
  }

  /** Of the documents, with these words first. */
  private static List<List<String>> commands(String... names) throws IOException {
    List<List<String>> all = new ArrayList<>();
    for (var command : DocumentedCommand.runBy(DocumentedProgramTest.class)) {
      var program = PROGRAM.matcher(command.text());
      assertThat(program.matches()).as(command.toString()).isTrue();
      List<String> words =
          WORD.matcher(program.group(1))
              .results()
              .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
              .toList();
      if (List.of(names).contains(words.getFirst())) {
        all.add(words);
      }
    }
    assertThat(all).extracting(List::getFirst).containsExactly(names);
    return all;
  }

  private void startTracker(List<String> command) throws Exception {
    int listen = command.indexOf("--listen") + 1;
    List<String> here = new ArrayList<>(command);
    here.set(listen, "127.0.0.1:0");
    tracker = start(here).await("listening").path("address").asText();
  }

  private CorvidProcess start(List<String> command, String... more) throws IOException {
    List<Object> words = new ArrayList<>(arguments(command));
    words.addAll(List.of(more));
    words.add("--json");
    var process = CorvidProcess.start(words.toArray());
    processes.add(process);
    return process;
  }

  /** With what is in the directory of the test for the names of the document. */
  private List<String> arguments(List<String> command) {
    return command.stream()
        .map(
            word ->
                switch (word) {
                  case "DIR" -> directory.resolve("tree").toString();
                  case "TARGET" -> directory.resolve("TARGET").toString();
                  case String name when name.matches("[\\w.-]+\\.(torrent|tar\\.zst)") ->
                      directory.resolve(name).toString();
                  case String url when url.startsWith("http://") ->
                      "http://" + tracker + "/announce";
                  default -> word;
                })
        .toList();
  }
}
