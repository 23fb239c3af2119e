package dev.corvid.seeder.unpack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern of paths in a release or a torrent. {@code *}, {@code ?} and {@code [ab]} match within
 * a name, {@code **} between slashes any directories, {@code {a,b}} one or the other. A pattern
 * without a slash matches a name at any depth, as in a .gitignore file; with one, the path from the
 * top.
 *
 * <p>A pattern that matches nothing, whatever there is, is refused: it is not what was meant.
 */
final class Glob {
  private static final int MAX_ALTERNATIVES = 64;

  /** Any directories; compared by identity. */
  private static final NamePattern ANY_DEPTH = NamePattern.of("*");

  private final String text;
  private final List<List<NamePattern>> alternatives;

  private Glob(String text, List<List<NamePattern>> alternatives) {
    this.text = text;
    this.alternatives = alternatives;
  }

  /**
   * @throws IllegalArgumentException with why it matches nothing, as the rest of a sentence
   */
  static Glob of(String text) {
    if (text.startsWith("!")) {
      throw new IllegalArgumentException(
          "begins with !, which takes nothing back; write [!] for the character itself");
    }
    if (text.indexOf('\\') >= 0) {
      throw new IllegalArgumentException(
          "has a \\; write / between directories, and a character that stands for itself as [*]");
    }
    return new Glob(text, alternatives(text).stream().map(Glob::path).toList());
  }

  /** Without braces. They do not nest, and those within [] are characters. */
  private static List<String> alternatives(String text) {
    var heads = List.of("");
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      int end = c == '[' ? text.indexOf(']', i + 2) : c == '{' ? text.indexOf('}', i) : i;
      if (c == '{' && end < 0) {
        throw new IllegalArgumentException(
            "has a { that is not closed; write [{] for the character itself");
      }
      end = end < 0 ? text.length() - 1 : end;
      if (c == '{' && text.substring(i + 1, end).indexOf('{') >= 0) {
        throw new IllegalArgumentException("has a { within {}; write two patterns");
      }
      var choices =
          c == '{'
              ? List.of(text.substring(i + 1, end).split(",", -1))
              : List.of(text.substring(i, end + 1));
      heads =
          heads.stream().flatMap(head -> choices.stream().map(choice -> head + choice)).toList();
      if (heads.size() > MAX_ALTERNATIVES) {
        throw new IllegalArgumentException(
            "stands for more than " + MAX_ALTERNATIVES + " patterns; write some of them apart");
      }
      i = end + 1;
    }
    return heads;
  }

  private static List<NamePattern> path(String text) {
    var bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    boolean anywhere = bare.indexOf('/') < 0;
    var components = (bare.startsWith("/") ? bare.substring(1) : bare).split("/", -1);
    var path = new ArrayList<NamePattern>();
    if (anywhere) {
      path.add(ANY_DEPTH);
    }
    for (var component : components) {
      if (component.isEmpty() || component.equals(".") || component.equals("..")) {
        throw new IllegalArgumentException(
            "has a part that is empty, . or .., and so no path is like it; write the path from the top");
      }
      if (!component.equals("**") && component.contains("**")) {
        throw new IllegalArgumentException(
            "has a ** beside other characters; it stands alone between slashes, as in docs/**/*.md");
      }
      path.add(component.equals("**") ? ANY_DEPTH : NamePattern.of(component));
    }
    return List.copyOf(path);
  }

  /**
   * Whether it matches the path, or a directory that the path is in.
   *
   * @param path its components, at least one
   */
  boolean covers(List<String> path) {
    return alternatives.stream().anyMatch(each -> covers(each, path));
  }

  /** All places of the pattern at which it may be are followed at once. */
  private static boolean covers(List<NamePattern> pattern, List<String> path) {
    int last = pattern.size() - 1;
    var places = new BitSet();
    enter(pattern, 0, places);
    for (var name : path) {
      var next = new BitSet();
      for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
        boolean anyDepth = pattern.get(at) == ANY_DEPTH;
        if (!anyDepth && !pattern.get(at).matches(name)) {
          continue;
        }
        if (at == last) {
          return true;
        }
        if (anyDepth || at < last) {
          enter(pattern, anyDepth ? at : at + 1, next);
        }
      }
      places = next;
    }
    return false;
  }

  /** Before the last component, no directory at all is one of any depth. */
  private static void enter(List<NamePattern> pattern, int place, BitSet places) {
    int at = place;
    places.set(at);
    while (pattern.get(at) == ANY_DEPTH && at < pattern.size() - 1) {
      places.set(++at);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
