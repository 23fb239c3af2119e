package dev.corvid.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReasonTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (\\w+) \\| [^|]*\\w[^|]* \\| [^|]*\\w[^|]* \\|$");

  /** What it means, what to do. */
  @Test
  void theReadmeExplainsEachInItsOrder() throws IOException {
    var readme = Files.readString(Path.of("../README.md"));
    var chapter = readme.split("\n## When it is not Ready\n")[1].split("\n## ")[0];

    assertThat(ROW.matcher(chapter).results().map(row -> row.group(1)).skip(1))
        .containsExactlyElementsOf(Arrays.stream(Reason.values()).map(Reason::name).toList());
  }
}
