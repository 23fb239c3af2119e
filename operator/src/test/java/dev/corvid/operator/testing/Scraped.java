package dev.corvid.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the operator's endpoint answers, held against docs/metrics.md. */
public final class Scraped {
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");
  private static final Pattern SAMPLE = Pattern.compile("(corvid_[a-z_]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  private final Map<String, String> helps = new TreeMap<>();
  private final Map<String, String> types = new TreeMap<>();
  private final Map<String, Set<String>> labels = new TreeMap<>();

  private Scraped(String text) {
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP")) {
        helps.put(words[2], words.length < 4 ? "" : words[3].strip());
      } else if (line.startsWith("# TYPE")) {
        types.put(words[2], words[3]);
      }
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        String name = sample.group(1);
        Set<String> names = labels.computeIfAbsent(name, key -> new TreeSet<>());
        if (sample.group(2) != null) {
          LABEL.matcher(sample.group(2)).results().forEach(label -> names.add(label.group(1)));
        }
      }
    }
  }

  public static Scraped of(String text) {
    return new Scraped(text);
  }

  /** What holds for all metrics; those of libraries have a description, too. */
  public Scraped isWellNamed() {
    assertThat(helps).isNotEmpty();
    assertThat(helps).allSatisfy((name, help) -> assertThat(help).as(name).isNotEmpty());
    for (String name : labels.keySet()) {
      boolean counts = types.get(name).equals("counter");
      assertThat(name.endsWith("_total")).as("%s is a counter: %s", name, counts).isEqualTo(counts);
      assertThat(name).doesNotContainPattern("_(kib|mib|ms|millis|percent)(_|$)");
      if (helps.get(name).matches("(?i).*\\bbytes\\b.*")) {
        assertThat(name).as("its unit").matches(".*_bytes(_total|_per_second)?");
      }
      if (helps.get(name).matches("(?i).*\\bseconds\\b.*")) {
        assertThat(name).as("its unit").matches(".*_(seconds(_total)?|bytes_per_second)");
      }
    }
    return this;
  }

  /**
   * The table of the program has these rows and no others.
   *
   * @param program as the heading has it
   */
  public void isDocumentedAs(String program) throws IOException {
    List<String> rows =
        labels.entrySet().stream()
            .map(
                entry ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            entry.getKey(),
                            types.get(entry.getKey()),
                            String.join(", ", entry.getValue()),
                            helps.get(entry.getKey())))
            .toList();
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf("## " + program + "\n");
    assertThat(begin).as("a heading for %s in %s", program, DOCUMENT).isNotNegative();
    int end = document.indexOf("\n## ", begin);
    String section = document.substring(begin, end < 0 ? document.length() : end);
    assertThat(section.lines().filter(line -> line.startsWith("| `corvid_")).toList())
        .as("the table of the %s in %s", program, DOCUMENT)
        .isEqualTo(rows);
  }
}
