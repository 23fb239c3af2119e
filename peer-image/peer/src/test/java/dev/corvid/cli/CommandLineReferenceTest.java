package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.reference.Page;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CommandLineReferenceTest {
  @Test
  void thePageHasTheHelpOfEachCommand() throws IOException {
    var page =
        new Page(
            "Command line",
            "The program of the peer image, `corvid`: what `--help` prints. [How to run it](../sources.md#names-before-anything-is-fetched).");
    page.paragraph(block(Cli.run("--help")));
    for (var command : Corvid.names()) {
      page.heading(2, "corvid " + command).paragraph(block(Cli.run(command, "--help")));
    }
    page.isCommittedAs("command-line.md");
  }

  private static String block(Cli help) {
    assertThat(help.exitCode()).as(help.err()).isZero();
    return "```text\n" + help.out().strip() + "\n```";
  }
}
