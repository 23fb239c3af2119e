package dev.corvid.operator.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.reference.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The operator's section of the page; those of {@code corvid} are the peer's. */
@ResourceLock(Resources.SYSTEM_OUT)
class CommandLineReferenceTest {
  @Test
  void thePageHasTheHelpOfTheOperator() throws IOException {
    String help = printed("--help");

    assertThat(help).contains(Main.UNINSTALL);
    Page.section("operator")
        .paragraph("The program of the operator's image: what `--help` prints.")
        .paragraph("```text\n" + help.strip() + "\n```")
        .isSectionOf("command-line.md");
  }

  private static String printed(String... arguments) {
    PrintStream before = System.out;
    var out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      Main.main(arguments);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
