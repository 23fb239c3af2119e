package dev.corvid.seeder;

import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.EntryText;
import dev.corvid.wire.Printable;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Which entries are taken, and under which path: leading components dropped, excluded ones left
 * out. A name that could lead out of the tree is refused, not repaired.
 */
final class Selection {
  /** In a message; the others are counted. */
  private static final int SHOWN = 5;

  private final int strip;
  private final List<Glob> excluded;
  private final BitSet matched = new BitSet();

  /**
   * @throws SourceException when a pattern is none
   */
  Selection(SeederTask.Unpack unpack) throws SourceException {
    this.strip = unpack.stripComponents();
    var globs = new ArrayList<Glob>();
    for (var pattern : unpack.exclude()) {
      try {
        globs.add(Glob.of(pattern));
      } catch (IllegalArgumentException e) {
        throw new SourceException(
            Reason.InvalidSpec,
            "spec.source.unpack.exclude: the pattern '%s' %s"
                .formatted(Printable.name(pattern), e.getMessage()),
            e);
      }
    }
    this.excluded = List.copyOf(globs);
  }

  /**
   * @throws SourceException when something is said of entries, and a single file has none
   */
  static void requireNoneFor(SeederTask.Unpack unpack, SourceUrl url) throws SourceException {
    if (unpack.stripComponents() > 0 || !unpack.exclude().isEmpty()) {
      throw new SourceException(
          Reason.InvalidSpec,
          "%s is released as one file, of which %s cannot leave anything out; remove it, or write spec.source.unpack.format if it is an archive"
              .formatted(
                  url,
                  unpack.stripComponents() > 0
                      ? "spec.source.unpack.stripComponents"
                      : "spec.source.unpack.exclude (%s)"
                          .formatted(Printable.name(unpack.exclude().getFirst()))));
    }
  }

  /** The path in the revision; empty when the entry is left out. */
  Optional<String> pathOf(String name) throws SourceException {
    var kept = kept(name.length() > Archive.MAX_PATH_BYTES ? directories(name) : name);
    // First: what is left out need not be fit to be kept.
    if (isExcluded(kept)) {
      return Optional.empty();
    }
    check(name);
    return kept.isEmpty() ? Optional.empty() : Optional.of(String.join("/", kept));
  }

  private List<String> kept(String name) {
    var kept = new ArrayList<String>();
    int dropped = 0;
    for (var component : name.split("/")) {
      // As tar counts: the dot of ./a is a component.
      if (!component.isEmpty() && dropped++ >= strip && !component.equals(".")) {
        kept.add(component);
      }
    }
    return kept;
  }

  /** Those above what has a name that is longer than any path. */
  private static String directories(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/', Archive.MAX_PATH_BYTES)));
  }

  /** Patterns that have matched nothing yet are tried on everything, to know it of each. */
  private boolean isExcluded(List<String> path) {
    boolean found = false;
    for (int i = 0; i < excluded.size() && !path.isEmpty(); i++) {
      if ((!found || !matched.get(i)) && excluded.get(i).covers(path)) {
        matched.set(i);
        found = true;
      }
    }
    return found;
  }

  /** For a person, about patterns that no entry has matched; null when there are none. */
  String note() {
    var idle = new ArrayList<String>();
    for (int i = 0; i < excluded.size(); i++) {
      if (!matched.get(i)) {
        idle.add(Printable.name(excluded.get(i).toString()));
      }
    }
    if (idle.isEmpty()) {
      return null;
    }
    return "spec.source.unpack.exclude matches nothing by %s%s%s"
        .formatted(
            String.join(", ", idle.subList(0, Math.min(SHOWN, idle.size()))),
            idle.size() > SHOWN ? " and %d more".formatted(idle.size() - SHOWN) : "",
            strip > 0 ? "; patterns are matched after stripComponents" : "");
  }

  private static void check(String name) throws SourceException {
    text(name, "name");
    if (name.isEmpty()) {
      throw invalid("an entry of the archive has no name");
    }
    if (name.startsWith("/")) {
      throw refused(name, "has an absolute path; pack it with relative names");
    }
    if (List.of(name.split("/")).contains("..")) {
      throw refused(name, "leads out of the archive by ..; pack it with names below one directory");
    }
    if (name.indexOf('\0') >= 0) {
      throw refused(name, "has a NUL in its name");
    }
  }

  /** Names and link texts are UTF-8 or nothing: a repaired name would be another one. */
  static String text(String text, String what) throws SourceException {
    if (text.length() > Archive.MAX_PATH_BYTES) {
      throw refused(text, "has a %s of %,d characters".formatted(what, text.length()));
    }
    if (text.indexOf(EntryText.MALFORMED) >= 0) {
      throw refused(
          text, "has a " + what + " that is not UTF-8; make the archive with UTF-8 names");
    }
    return text;
  }

  private static SourceException refused(String name, String why) {
    return invalid("the archive's entry " + EntryText.shown(name) + " " + why);
  }

  private static SourceException invalid(String message) {
    return new SourceException(Reason.InvalidContent, message);
  }
}
