package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.reference.Page;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The sections of {@code corvid}; the operator's is the operator's. */
class CommandLineReferenceTest {
  @Test
  void thePageHasTheHelpOfEachCommand() throws IOException {
    section("corvid", "--help")
        .paragraph("[How to run it](../sources.md#names-before-anything-is-fetched).")
        .isSectionOf("command-line.md");
    for (var command : Corvid.names()) {
      section("corvid " + command, command, "--help").isSectionOf("command-line.md");
    }
    assertThat(Page.sectionsOf("command-line.md").stream().filter(s -> s.startsWith("corvid ")))
        .as("a section for each command and no others: delete those that are not a command's")
        .containsExactlyElementsOf(Corvid.names().stream().map(name -> "corvid " + name).toList());
  }

  private static Page section(String heading, String... arguments) {
    return Page.section(heading).paragraph(block(Cli.run(arguments)));
  }

  private static String block(Cli help) {
    assertThat(help.exitCode()).as(help.err()).isZero();
    return "```text\n" + help.out().strip() + "\n```";
  }
}
