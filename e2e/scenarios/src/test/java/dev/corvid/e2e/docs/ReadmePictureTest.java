package dev.corvid.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/**
 * The picture at the top of README.md is drawn by hand. Its figures are those of one table of
 * RESULTS.md: when that is recorded again, change the figures and the length of the bars in the
 * picture, and the alternative text in README.md.
 */
class ReadmePictureTest {
  private static final Path PICTURE = Path.of("docs/images/one-server-or-a-swarm.svg");
  private static final Path RESULTS = Path.of("e2e/bench/RESULTS.md");
  private static final String TABLE = "## 1 + 20 nodes at 25 Mbit/s, 32 MiB, against one HTTP";

  @Test
  void showsTheRecordedFigures() throws Exception {
    String seconds = cell("corvid", "makespan s");
    String serverSeconds = cell("nginx, curl", "makespan s");
    String recorded = text(RESULTS).replaceAll("(?s).*? on (\\d{4}-\\d\\d-\\d\\d).*", "$1");

    var svg =
        DocumentBuilderFactory.newNSInstance()
            .newDocumentBuilder()
            .parse(Checkout.root().resolve(PICTURE).toFile());

    assertThat(textOf(svg, "title")).contains(seconds + " s", serverSeconds + " s");
    assertThat(textOf(svg, "desc")).contains(seconds + " seconds", serverSeconds + " seconds");
    assertThat(textOf(svg, "text"))
        .contains(
            seconds + " s",
            serverSeconds + " s",
            cell("corvid", "seeder's copies in all") + " copies",
            cell("corvid", "at line rate s") + " s at this rate",
            recorded);
    assertThat(text(Path.of("README.md")))
        .contains("](" + PICTURE + ")", seconds + " seconds", serverSeconds + " seconds");
  }

  private static String textOf(org.w3c.dom.Document svg, String element) {
    var found = svg.getElementsByTagNameNS("*", element);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .collect(Collectors.joining("\n"));
  }

  /** The median alone. */
  private static String cell(String program, String column) throws IOException {
    List<String> table =
        text(RESULTS)
            .lines()
            .dropWhile(line -> !line.startsWith(TABLE))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("|"))
            .toList();
    int index = cells(table.getFirst()).indexOf(column);
    return table.stream()
        .map(ReadmePictureTest::cells)
        .filter(row -> row.getFirst().equals(program))
        .findFirst()
        .orElseThrow()
        .get(index)
        .replaceAll(" \\(.*", "");
  }

  private static List<String> cells(String row) {
    return Arrays.stream(row.substring(1).split("\\|")).map(String::strip).toList();
  }

  private static String text(Path file) throws IOException {
    return Files.readString(Checkout.root().resolve(file));
  }
}
