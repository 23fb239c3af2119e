package dev.corvid.e2e.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  @Test
  void whatWasWrittenIsReadAgainByALaterRun(@TempDir Path folder) throws IOException {
    var figures = new Figures();
    figures.add(new Figure("link", "nginx, curl", 2, "makespan s", 1.5));

    Csv.write(folder.resolve("figures.csv"), figures);

    assertThat(Csv.read(folder.resolve("figures.csv"))).isEqualTo(figures.all());
    assertThat(Csv.read(folder.resolve("none.csv"))).isEmpty();
  }
}
