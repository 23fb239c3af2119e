package dev.corvid.e2e.docs;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown document of the repository, without its fenced blocks.
 *
 * @param path from the top of the repository
 * @param lines empty where a fenced block was
 */
record Document(Path path, List<String> lines) {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** What stands between backticks is no link, whatever it looks like. */
  private static final Pattern LINK = Pattern.compile("`[^`]+`|]\\(([^)\\s]+)\\)");

  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");

  /**
   * A part of a document.
   *
   * @param at file and line
   */
  record Mention(String at, String text) {}

  static Document read(Path path) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(Checkout.root().resolve(path))) {
      boolean fence = line.strip().startsWith("```");
      lines.add(fence || fenced ? "" : line);
      fenced ^= fence;
    }
    return new Document(path, lines);
  }

  /** All documents for people: at the top of the repository and below {@code docs}. */
  static List<Document> all() throws IOException {
    Path top = Checkout.root();
    List<Document> all = new ArrayList<>();
    try (Stream<Path> own = Files.list(top);
        Stream<Path> docs = Files.walk(top.resolve("docs"))) {
      for (Path file : Stream.concat(own, docs).sorted().toList()) {
        if (file.toString().endsWith(".md")) {
          all.add(read(top.relativize(file)));
        }
      }
    }
    return all;
  }

  /** What stands between backticks. */
  List<Mention> code() {
    return found(CODE);
  }

  /** Where links lead, other than to another site. */
  List<Mention> links() {
    return found(LINK).stream().filter(link -> !link.text().matches("[a-z]+:.*")).toList();
  }

  private List<Mention> found(Pattern pattern) {
    List<Mention> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String at = path + ":" + (i + 1);
      pattern
          .matcher(lines.get(i))
          .results()
          .filter(result -> result.group(1) != null)
          .map((MatchResult result) -> new Mention(at, result.group(1)))
          .forEach(found::add);
    }
    return found;
  }

  /** The names by which GitHub lets links lead to headings. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    for (String line : lines) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        String text = heading.group(1).toLowerCase(Locale.ROOT).strip();
        anchors.add(text.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }
}
