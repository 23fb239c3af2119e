package dev.corvid.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentedCommandsTest {
  private static final Pattern MAKE = Pattern.compile("`make ([a-z-]+)|^make ([a-z-]+)");
  private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT|Scenario))\\.java");
  private static final Set<String> BUILT = Set.of("target", ".git");
  private static final Pattern TARGET = Pattern.compile("(?m)^([a-z-]+):.*## ");

  @Test
  void eachIsRunByATestOrNamedAsNotRun() throws IOException {
    var register = CommandRegister.read();
    List<DocumentedCommand> all = DocumentedCommand.all();

    assertThat(all).hasSizeGreaterThan(40);
    assertThat(all.stream().filter(command -> register.of(command).size() != 1))
        .as(
            "commands that %s has not once: say there which test runs each, or why none does",
            CommandRegister.FILE)
        .isEmpty();
    assertThat(register.entries().stream().filter(entry -> all.stream().noneMatch(entry::matches)))
        .as("lines of %s of which no document has the command", CommandRegister.FILE)
        .isEmpty();
  }

  /** They take the commands from the documents, so that they run what stands there. */
  @Test
  void theTestsThatAreNamedReadTheDocuments() throws IOException {
    Map<String, String> tests = tests();
    var register = CommandRegister.read();
    for (var command : DocumentedCommand.all()) {
      for (var entry : register.of(command)) {
        if (entry.isRun()) {
          assertThat(tests).as("%s: the test that runs it", command).containsKey(entry.fate());
          assertThat(tests.get(entry.fate()))
              .as("%s takes it from the document: %s", entry.fate(), command)
              .containsAnyOf("DocumentedCommand.runBy(", command.document());
        } else {
          assertThat(entry.fate().length())
              .as("a reason for: %s", entry)
              .isGreaterThan(CommandRegister.NOT_RUN.length() + 10);
        }
      }
    }
  }

  /** The sources of all tests, by their simple names. */
  private static Map<String, String> tests() throws IOException {
    Map<String, String> tests = new TreeMap<>();
    Files.walkFileTree(
        Page.repository(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return BUILT.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            var test = TEST.matcher(file.getFileName().toString());
            if (test.matches()) {
              tests.put(test.group(1), Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return tests;
  }

  @Test
  void eachTargetOfMakeExists() throws IOException {
    Path root = Page.repository();
    Set<String> targets =
        TARGET
            .matcher(Files.readString(root.resolve("Makefile")))
            .results()
            .map(target -> target.group(1))
            .collect(Collectors.toSet());
    List<String> named = new ArrayList<>();
    for (Path document : DocumentedCommand.documents(root)) {
      for (String line : Files.readAllLines(document)) {
        MAKE.matcher(line)
            .results()
            .map(make -> make.group(1) == null ? make.group(2) : make.group(1))
            .forEach(named::add);
      }
    }

    assertThat(targets).hasSizeGreaterThan(10);
    assertThat(named).isNotEmpty().isSubsetOf(targets);
  }

  @Test
  void aBlockIsReadAsAShellReadsIt() {
    List<DocumentedCommand> found =
        DocumentedCommand.of(
            "a.md",
            List.of(
                "```",
                "make try      # three minutes",
                "# a comment",
                "cat > a <<'END'",
                "b # c",
                "END",
                "kubectl get pods \\",
                "  -o wide",
                "```",
                "```text",
                "a --> b",
                "```",
                "```console",
                "$ corvid digest x",
                "revision: 1",
                "```",
                "```yaml refused",
                "a: b",
                "```",
                "```",
                "the answer",
                "```",
                "```sh",
                "set -eu",
                "a",
                "```"));

    assertThat(found)
        .extracting(DocumentedCommand::toString)
        .containsExactly(
            "a.md:2: make try",
            "a.md:4: cat > a <<'END'",
            "a.md:7: kubectl get pods -o wide",
            "a.md:14: corvid digest x",
            "a.md:24: script 1 of a.md");
    assertThat(found.get(1).text()).isEqualTo("cat > a <<'END'\nb # c\nEND");
    assertThat(found.getLast().text()).isEqualTo("set -eu\na\n");
  }

  @Test
  void theRegisterKnowsCommandsByPatterns() {
    var register =
        CommandRegister.of("# why\n\nkubectl get * => GetIT\nmake demo => not run: root\n");
    var command =
        DocumentedCommand.of("a.md", List.of("```", "kubectl get pods", "```")).getFirst();

    assertThat(register.of(command))
        .containsExactly(new CommandRegister.Entry("kubectl get *", "GetIT"));
    assertThat(register.entries().getLast().isRun()).isFalse();
  }
}
