package dev.corvid.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChartValuesReferenceTest {
  private static final Path CHART = Page.repository().resolve("helm/corvid");

  @Test
  void thePageHasEveryValue() throws IOException {
    new ChartValuesPage(
            Files.readString(CHART.resolve("values.yaml")),
            Files.readString(CHART.resolve("values.schema.json")))
        .page()
        .isCommittedAs("chart-values.md");
  }
}
