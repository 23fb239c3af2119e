package dev.corvid.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command that a reader of the documents copies: a line of a fenced block, or all of a block that
 * is a script. Blocks in another language say so behind the fence, such as {@code text}.
 *
 * @param document by its path in the repository
 * @param line of it, from 1
 * @param text without its comment
 * @param script of the document, from 1; 0 for a command that stands alone
 */
public record DocumentedCommand(String document, int line, String text, int script) {
  private static final String FENCE = "```";
  private static final String PROMPT = "$ ";
  private static final Set<String> SHELLS = Set.of("", "sh", "bash", "shell", "console");
  private static final Pattern SCRIPT = Pattern.compile("(?m)^set -|\\(\\) \\{$");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s+)# .*$");
  private static final Pattern HERE_DOCUMENT = Pattern.compile("<<'?(\\w+)'?");

  /** Of README.md and docs/, without what is generated. */
  public static List<DocumentedCommand> all() throws IOException {
    Path root = Page.repository();
    List<DocumentedCommand> all = new ArrayList<>();
    for (Path document : documents(root)) {
      String name = root.relativize(document).toString();
      all.addAll(of(name, Files.readAllLines(document)));
    }
    return all;
  }

  static List<Path> documents(Path root) throws IOException {
    Path generated = root.resolve("docs/reference");
    try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(
              Stream.of(root.resolve("README.md")),
              docs.filter(file -> file.toString().endsWith(".md"))
                  .filter(file -> !file.startsWith(generated))
                  .sorted())
          .toList();
    }
  }

  /** Those that the register says this test runs, in the order of the documents. */
  public static List<DocumentedCommand> runBy(Class<?> test) throws IOException {
    var register = CommandRegister.read();
    return all().stream()
        .filter(
            command ->
                register.of(command).stream()
                    .anyMatch(entry -> entry.fate().equals(test.getSimpleName())))
        .toList();
  }

  static List<DocumentedCommand> of(String document, List<String> lines) {
    List<DocumentedCommand> found = new ArrayList<>();
    boolean answers = false;
    int scripts = 0;
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (!fence.startsWith(FENCE)) {
        continue;
      }
      int begin = i + 1;
      do {
        i++;
      } while (!lines.get(i).strip().equals(FENCE));
      String language = fence.substring(FENCE.length()).strip();
      if (SHELLS.contains(language) && !answers) {
        List<String> block = lines.subList(begin, i);
        if (SCRIPT.matcher(String.join("\n", block)).find()) {
          scripts++;
          found.add(
              new DocumentedCommand(document, begin + 1, String.join("\n", block) + "\n", scripts));
        } else {
          found.addAll(commands(document, begin, block));
        }
      }
      answers = language.startsWith("yaml") && language.endsWith("refused");
    }
    return found;
  }

  private static List<DocumentedCommand> commands(String document, int offset, List<String> block) {
    boolean prompts = block.stream().anyMatch(line -> line.startsWith(PROMPT));
    List<DocumentedCommand> found = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      int at = offset + i + 1;
      String line = block.get(i);
      if (prompts && !line.startsWith(PROMPT)) {
        continue;
      }
      String text =
          COMMENT.matcher(prompts ? line.substring(PROMPT.length()) : line).replaceAll("");
      while (text.endsWith("\\")) {
        i++;
        text = text.substring(0, text.length() - 1).stripTrailing() + " " + block.get(i).strip();
      }
      var here = HERE_DOCUMENT.matcher(text);
      if (here.find()) {
        do {
          i++;
          text += "\n" + block.get(i);
        } while (!block.get(i).equals(here.group(1)));
      }
      if (!text.isBlank()) {
        found.add(new DocumentedCommand(document, at, text.strip(), 0));
      }
    }
    return found;
  }

  /** As the register names it: its first line, or the script by its place. */
  String name() {
    return script > 0
        ? "script %d of %s".formatted(script, document)
        : text.lines().findFirst().orElseThrow();
  }

  @Override
  public String toString() {
    return document + ":" + line + ": " + name();
  }
}
