package dev.corvid.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code make} is held against the Makefile, {@code corvid} against its help. What is said of
 * {@code kubectl} and {@code helm} is listed, each with why no test runs it.
 */
class InlineCommandsTest {
  private static final String FILE = "inline-commands.txt";
  private static final Set<String> LISTED = Set.of("kubectl", "helm");
  private static final Pattern SHORT_NAMES =
      Pattern.compile("(?m)^ *(?:shortNames|categories):\\n((?: *- [\"a-z]+\\n)+)");
  private static final Set<String> OF_KUBERNETES = Set.of("deployment", "secret");
  private static final Set<String> VERBS_OF_RESOURCES =
      Set.of("get", "describe", "annotate", "patch", "delete", "explain", "create");
  private static final Set<String> VERBS = Set.of("apply", "wait", "install", "uninstall");

  @Test
  void eachOfKubectlAndHelmIsListed() throws IOException {
    var register = CommandRegister.read(FILE);
    List<InlineCommand> listed =
        InlineCommand.all().stream().filter(c -> LISTED.contains(c.program())).toList();

    assertThat(listed).hasSizeGreaterThan(20);
    assertThat(listed.stream().filter(c -> register.matching(c.text()).size() != 1))
        .as("commands that %s has not once: say there why no test runs each", FILE)
        .isEmpty();
    assertThat(
            register.entries().stream()
                .filter(entry -> listed.stream().noneMatch(c -> entry.matches(c.text()))))
        .as("lines of %s of which no document has the command", FILE)
        .isEmpty();
    assertThat(register.entries())
        .allSatisfy(
            entry ->
                assertThat(entry.fate())
                    .startsWith(CommandRegister.NOT_RUN)
                    .hasSizeGreaterThan(CommandRegister.NOT_RUN.length() + 10));
  }

  @Test
  void whatKubectlIsAskedForExists() throws IOException {
    Set<String> resources = new HashSet<>(OF_KUBERNETES);
    SHORT_NAMES
        .matcher(Files.readString(Page.repository().resolve("crds/swarmreleases.corvid.dev.yaml")))
        .results()
        .flatMap(names -> names.group(1).lines())
        .map(name -> name.replaceAll("[^a-z]", ""))
        .forEach(resources::add);
    assertThat(resources).contains("swr", "corvid");

    for (var command : commands("kubectl")) {
      List<String> words = command.words();
      int verb = words.get(1).equals("-n") ? 3 : 1;
      assertThat(VERBS.contains(words.get(verb)) || VERBS_OF_RESOURCES.contains(words.get(verb)))
          .as("verb of %s", command)
          .isTrue();
      if (VERBS_OF_RESOURCES.contains(words.get(verb)) && words.size() > verb + 1) {
        assertThat(words.get(verb + 1).split("\\.")[0]).as("of %s", command).isIn(resources);
      }
    }
  }

  @Test
  void eachTargetAndVariableOfMakeExists() throws IOException {
    String makefile = Files.readString(Page.repository().resolve("Makefile"));
    for (var command : commands("make")) {
      assertThat(makefile)
          .as("target of %s", command)
          .containsPattern("(?m)^" + Pattern.quote(command.words().get(1)) + ":.*## ");
      for (String variable : command.words().subList(2, command.words().size())) {
        assertThat(makefile)
            .as("variable of %s", command)
            .containsPattern("\\$\\((origin )?" + variable.split("=")[0] + "\\)");
      }
    }
  }

  @Test
  void eachCommandAndOptionOfTheProgramIsInItsHelp() throws IOException {
    String page =
        Files.readString(Page.repository().resolve("docs/reference/command-line.md"))
            .replace("--[no-]", "--no-");
    for (var command : commands("corvid")) {
      String heading = "## corvid " + command.words().get(1) + "\n";
      assertThat(page).as("%s", command).contains(heading);
      int begin = page.indexOf(heading) + heading.length();
      String help = page.substring(begin, page.indexOf("\n## ", begin));
      for (String option : command.words()) {
        if (option.startsWith("-")) {
          assertThat(help)
              .as("%s of %s", option, command)
              .containsPattern(Pattern.quote(option.split("=")[0]) + "[\\s=,\\]]");
        }
      }
    }
  }

  @Test
  void aCommandMayBeBrokenBetweenLines() {
    assertThat(
            InlineCommand.of(
                "a.md", "Run `kubectl get\n  swr` or `make` or `kubectls x`.\n```\nhelm x\n```\n"))
        .extracting(InlineCommand::text)
        .containsExactly("kubectl get swr");
  }

  private static List<InlineCommand> commands(String program) throws IOException {
    List<InlineCommand> commands =
        InlineCommand.all().stream().filter(command -> command.program().equals(program)).toList();
    assertThat(commands).isNotEmpty();
    return commands;
  }
}
