package dev.corvid.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program's endpoint answers, held against docs/reference/metrics.md. */
public final class Scraped {
  private static final List<String> HEADER = List.of("metric", "type", "unit", "labels", "meaning");
  private static final Pattern SAMPLE = Pattern.compile("(corvid_[a-z_]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final int MOST_SERIES = 64;

  private final Map<String, String> helps = new TreeMap<>();
  private final Map<String, String> types = new TreeMap<>();
  private final Map<String, Set<String>> labels = new TreeMap<>();
  private final Map<String, Set<String>> series = new TreeMap<>();

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
        series.computeIfAbsent(name, key -> new TreeSet<>()).add(line.replaceFirst(" \\S+$", ""));
      }
    }
  }

  /** What was answered, in the text format of Prometheus. */
  public static Scraped of(String text) {
    return new Scraped(text);
  }

  public static Scraped of(InetSocketAddress address) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri).build();
      return new Scraped(client.send(request, BodyHandlers.ofString()).body());
    }
  }

  /** Every series of Corvid's own, with its labels. */
  public Set<String> series() {
    var all = new TreeSet<String>();
    series.values().forEach(all::addAll);
    return all;
  }

  /** What holds for the metrics of every program; those of libraries have a description, too. */
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
      assertThat(series.get(name)).as(name).hasSizeLessThan(MOST_SERIES);
    }
    return this;
  }

  /**
   * The table of the program has these rows and no others.
   *
   * @param program as the heading has it
   */
  public void isDocumentedAs(String program) throws IOException {
    isDocumentedAs(program, name -> true);
  }

  /**
   * The table has those of these metrics.
   *
   * @param which by their names
   */
  public void isDocumentedAs(String heading, Predicate<String> which) throws IOException {
    Page.section(heading)
        .table(HEADER, labels.keySet().stream().filter(which).map(this::row).toList())
        .isSectionOf("metrics.md");
  }

  private List<String> row(String name) {
    return List.of(
        "`" + name + "`",
        types.get(name),
        unit(name),
        String.join(", ", labels.get(name)),
        Page.plain(helps.get(name)));
  }

  /** The name has it at its end, as isWellNamed makes sure. */
  private String unit(String name) {
    String end = name.replaceFirst("_total$", "");
    if (end.endsWith("_bytes_per_second")) {
      return "bytes per second";
    }
    if (end.endsWith("_bytes")) {
      return "bytes";
    }
    if (end.endsWith("_seconds")) {
      return "seconds";
    }
    return helps.get(name).matches("1 (while|when)\\b.*") ? "0 or 1" : "number";
  }
}
