package dev.corvid.e2e.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressPlotTest {
  @TempDir private Path folder;

  @Test
  void drawsALineForEachPeerAndTwoForTheBound() throws Exception {
    var half = List.of(new Progress.Point(1, 50));
    var whole = List.of(new Progress.Point(1, 50), new Progress.Point(3, 100));
    var file = folder.resolve("plot.svg");

    new ProgressPlot(List.of(new Progress("row", "ours", 1, 100, 2, List.of(half, whole))))
        .write(file);

    var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(4);
  }
}
