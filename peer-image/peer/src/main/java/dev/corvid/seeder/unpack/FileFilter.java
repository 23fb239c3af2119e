package dev.corvid.seeder.unpack;

import dev.corvid.wire.text.Printable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which files are taken, by their paths: those that a pattern of {@code include} matches, or all
 * where it is empty, without those that a pattern of {@code exclude} matches. A pattern holds for
 * what it matches and for all below that. Remembers which patterns matched nothing. Not
 * thread-safe.
 */
public final class FileFilter {
  /** In a message; the others are counted. */
  private static final int SHOWN = 5;

  private final Patterns include;
  private final Patterns exclude;

  /**
   * What a user has to change.
   *
   * @param include the name of the list, or of the option
   * @param exclude its counterpart
   */
  public record Names(String include, String exclude) {}

  /**
   * @throws IllegalArgumentException when a pattern can match nothing; says which, and why
   */
  public FileFilter(List<String> include, List<String> exclude, Names names) {
    this.include = new Patterns(names.include(), include);
    this.exclude = new Patterns(names.exclude(), exclude);
  }

  /**
   * @param path its components, at least one
   */
  public boolean takes(List<String> path) {
    // Both are asked of every path, to know of each pattern whether it matches anything.
    boolean excluded = exclude.cover(path);
    boolean included = include.cover(path) || include.globs.isEmpty();
    return included && !excluded;
  }

  /** Whether nothing below a directory can be taken. */
  public boolean excludes(List<String> directory) {
    return exclude.cover(directory);
  }

  public boolean isEmpty() {
    return include.globs.isEmpty() && exclude.globs.isEmpty();
  }

  /** For a person: what leaves nothing, such as {@code include (*.md, a)}. */
  public String shown() {
    return Stream.of(include, exclude)
        .filter(patterns -> !patterns.globs.isEmpty())
        .map(patterns -> patterns.name + " (" + listed(patterns.globs) + ")")
        .reduce((one, other) -> one + " and " + other)
        .orElse("");
  }

  /** A sentence for each list with patterns that have matched nothing so far. */
  public List<String> idle() {
    return Stream.of(exclude, include)
        .filter(patterns -> !patterns.idle().isEmpty())
        .map(patterns -> patterns.name + " matches nothing by " + listed(patterns.idle()))
        .toList();
  }

  private static String listed(List<Glob> globs) {
    var shown = globs.stream().limit(SHOWN).map(glob -> Printable.name(glob.toString())).toList();
    return String.join(", ", shown)
        + (globs.size() > SHOWN ? " and %d more".formatted(globs.size() - SHOWN) : "");
  }

  private static final class Patterns {
    private final String name;
    private final List<Glob> globs;
    private final BitSet matched = new BitSet();

    public Patterns(String name, List<String> patterns) {
      this.name = name;
      this.globs = patterns.stream().map(this::glob).toList();
    }

    private Glob glob(String pattern) {
      try {
        return Glob.of(pattern);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s: the pattern '%s' %s".formatted(name, Printable.name(pattern), e.getMessage()), e);
      }
    }

    /** Patterns that have matched nothing yet are tried on everything. */
    public boolean cover(List<String> path) {
      boolean found = false;
      for (int i = 0; i < globs.size(); i++) {
        if ((!found || !matched.get(i)) && globs.get(i).covers(path)) {
          matched.set(i);
          found = true;
        }
      }
      return found;
    }

    public List<Glob> idle() {
      var idle = new ArrayList<Glob>();
      for (int i = 0; i < globs.size(); i++) {
        if (!matched.get(i)) {
          idle.add(globs.get(i));
        }
      }
      return idle;
    }
  }
}
