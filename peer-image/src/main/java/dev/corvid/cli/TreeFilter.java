package dev.corvid.cli;

import dev.corvid.seeder.Glob;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which entries of a tree go into a torrent. A pattern holds for what it matches and for all that
 * is below. A directory {@code .git} is left out as if a pattern said so; {@code --include} wins
 * over everything. Remembers which options matched nothing.
 */
final class TreeFilter {
  private static final String GIT = ".git";

  enum Verdict {
    KEPT,
    INCLUDED,
    LEFT_OUT
  }

  private final Map<String, Glob> exclude = new LinkedHashMap<>();
  private final Map<String, Glob> include = new LinkedHashMap<>();
  private final Set<String> unused = new LinkedHashSet<>();

  /**
   * @throws Failure when a pattern can match nothing
   */
  TreeFilter(List<String> exclude, List<String> include) throws Failure {
    put(this.exclude, "--exclude ", exclude);
    put(this.include, "--include ", include);
    unused.addAll(this.exclude.keySet());
    unused.addAll(this.include.keySet());
  }

  private static void put(Map<String, Glob> globs, String option, List<String> patterns)
      throws Failure {
    for (var pattern : patterns) {
      try {
        globs.put(option + pattern, Glob.of(pattern));
      } catch (IllegalArgumentException e) {
        throw new Failure("%s'%s' %s".formatted(option, pattern, e.getMessage()), e);
      }
    }
  }

  /**
   * @param above the verdict on the directory of the entry
   * @param path from the root of the tree
   */
  Verdict of(Verdict above, String path, boolean isDirectory) {
    var excluded = matches(exclude, path) || (isDirectory && isGit(path));
    if (matches(include, path) || above == Verdict.INCLUDED) {
      return Verdict.INCLUDED;
    }
    return excluded || above == Verdict.LEFT_OUT ? Verdict.LEFT_OUT : Verdict.KEPT;
  }

  /** Whether what is below a directory that is left out has to be looked at. */
  boolean mayInclude() {
    return !include.isEmpty();
  }

  /** The options that have matched nothing so far, as a user writes them. */
  Set<String> unused() {
    return unused;
  }

  static boolean isGit(String path) {
    return path.equals(GIT) || path.endsWith("/" + GIT);
  }

  private boolean matches(Map<String, Glob> options, String path) {
    var any = false;
    for (var option : options.entrySet()) {
      if (option.getValue().matches(path)) {
        unused.remove(option.getKey());
        any = true;
      }
    }
    return any;
  }
}
