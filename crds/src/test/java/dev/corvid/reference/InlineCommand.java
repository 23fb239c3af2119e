package dev.corvid.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command that a document names in a sentence, in backticks: one of our programs or of those that
 * users run for Corvid. Commands of fenced blocks are {@link DocumentedCommand}s.
 *
 * @param document by its path in the repository
 * @param text in one line
 */
record InlineCommand(String document, String text) {
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern CODE = Pattern.compile("`((?:kubectl|helm|make|corvid)\\s[^`]+)`");

  /** Of README.md and docs/, without what is generated. */
  static List<InlineCommand> all() throws IOException {
    Path root = Page.repository();
    List<InlineCommand> all = new ArrayList<>();
    for (Path document : DocumentedCommand.documents(root)) {
      all.addAll(of(root.relativize(document).toString(), Files.readString(document)));
    }
    return all;
  }

  static List<InlineCommand> of(String document, String markdown) {
    return CODE.matcher(FENCED.matcher(markdown).replaceAll(""))
        .results()
        .map(code -> new InlineCommand(document, String.join(" ", code.group(1).split("\\s+"))))
        .toList();
  }

  String program() {
    return words().getFirst();
  }

  /** The program and its arguments. Quotes are not interpreted: no check looks into them. */
  List<String> words() {
    return List.of(text.split(" "));
  }

  @Override
  public String toString() {
    return document + ": " + text;
  }
}
