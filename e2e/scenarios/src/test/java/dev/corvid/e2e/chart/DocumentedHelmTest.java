package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.corvid.reference.DocumentedCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands of README.md and docs/ for Helm, by its library: what would be installed is rendered.
 * That library has methods for options, so only those options are known here.
 */
class DocumentedHelmTest {
  private static final List<String> KNOWN =
      List.of("--namespace", "--create-namespace", "--values", "--destination");

  @TempDir private Path directory;

  @Test
  void eachDoesWhatItSays() throws Exception {
    List<DocumentedCommand> commands = DocumentedCommand.runBy(getClass());
    assertThat(commands).hasSizeGreaterThan(2);

    for (var command : commands) {
      List<String> words = Arrays.asList(command.text().split("\\s+"));
      switch (words.subList(0, 2)) {
        case List<String> cat when cat.getFirst().equals("cat") -> write(command.text());
        case List<String> helm when helm.equals(List.of("helm", "install")) -> install(words);
        case List<String> helm when helm.equals(List.of("helm", "package")) -> pack(words);
        default -> throw new AssertionError("nobody runs " + command);
      }
    }
  }

  /** As a here-document. */
  private void write(String command) throws Exception {
    List<String> lines = command.lines().toList();
    String name = lines.getFirst().split("\\s+")[2];
    Files.write(directory.resolve(name), lines.subList(1, lines.size() - 1));
  }

  private void install(List<String> words) {
    checkOptions(words);
    String rendered =
        new Helm(Rendered.REPOSITORY.resolve(words.get(3)))
            .template()
            .withName(words.get(2))
            .withKubeVersion(Rendered.KUBERNETES)
            .withNamespace(option(words, "--namespace").orElseThrow())
            .withValuesFile(directory.resolve(option(words, "--values").orElseThrow()))
            .call();

    assertThat(rendered)
        .contains("namespace: " + option(words, "--namespace").orElseThrow())
        .contains("image: \"registry.example.com/corvid/operator:")
        .contains("image: \"registry.example.com/corvid/peer:");
  }

  private void pack(List<String> words) throws Exception {
    checkOptions(words);
    new Helm(Rendered.REPOSITORY.resolve(words.get(2)))
        .packageIt()
        .withDestination(directory)
        .call();

    try (var files = Files.list(directory)) {
      assertThat(files).anyMatch(file -> file.toString().endsWith(".tgz"));
    }
  }

  private static void checkOptions(List<String> words) {
    assertThat(words.stream().filter(word -> word.startsWith("-"))).isSubsetOf(KNOWN);
  }

  private static Optional<String> option(List<String> words, String name) {
    int at = words.indexOf(name);
    return at < 0 ? Optional.empty() : Optional.of(words.get(at + 1));
  }
}
