package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The parent's pom has the version; what cannot read it there says the same. */
class ChartVersionTest {
  private static final Pattern OF_THE_BUILD =
      Pattern.compile("<artifactId>corvid-parent</artifactId>\\s*<version>([^<]+)</version>");
  private static final Pattern OF_AN_IMAGE = Pattern.compile("/corvid/(?:peer|operator):(\\S+)");

  @Test
  void theChartHasTheVersionOfTheBuild() throws IOException {
    var build = version();

    assertThat(Files.readAllLines(Rendered.CHART.resolve("Chart.yaml")))
        .contains("appVersion: " + build, "version: " + released(build));
  }

  @Test
  void examplesNameItsImages() throws IOException {
    try (var examples = Files.list(Rendered.REPOSITORY.resolve("crds/examples"))) {
      assertThat(examples.flatMap(example -> tags(example).stream()))
          .isNotEmpty()
          .containsOnly(version()); // the tag that `make images` gives them
    }
  }

  private static String version() throws IOException {
    var pom = OF_THE_BUILD.matcher(Files.readString(Rendered.REPOSITORY.resolve("pom.xml")));
    assertThat(pom.find()).isTrue();
    return pom.group(1);
  }

  private static String released(String version) {
    return version.replace("-SNAPSHOT", "");
  }

  private static List<String> tags(Path example) {
    try {
      return OF_AN_IMAGE
          .matcher(Files.readString(example))
          .results()
          .map(found -> found.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
