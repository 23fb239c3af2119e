package dev.corvid.seeder;

import dev.corvid.seeder.archive.Archive;
import dev.corvid.wire.Printable;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which entries are taken, and under which path: leading components dropped, excluded ones left
 * out. A name that could lead out of the tree is refused, not repaired.
 */
final class Selection {
  private final int strip;
  private final List<Glob> excluded;

  Selection(SeederTask.Unpack unpack) {
    this.strip = unpack.stripComponents();
    this.excluded = unpack.exclude().stream().map(Glob::of).toList();
  }

  /** The path in the revision; empty when the entry is left out. */
  Optional<String> pathOf(String name) throws SourceException {
    var kept = new ArrayList<String>();
    int dropped = 0;
    for (var component : checked(name).split("/")) {
      // As tar counts: the dot of ./a is a component.
      if (!component.isEmpty() && dropped++ >= strip && !component.equals(".")) {
        kept.add(component);
      }
    }
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    for (int depth = 1; depth <= kept.size(); depth++) {
      var path = String.join("/", kept.subList(0, depth));
      if (excluded.stream().anyMatch(glob -> glob.matches(path))) {
        return Optional.empty();
      }
    }
    return Optional.of(String.join("/", kept));
  }

  private static String checked(String name) throws SourceException {
    text(name, "name");
    if (name.isEmpty()) {
      throw invalid("an entry of the archive has no name");
    }
    if (name.startsWith("/")) {
      throw refused(name, "has an absolute path");
    }
    if (List.of(name.split("/")).contains("..")) {
      throw refused(name, "leads out of the archive by ..");
    }
    if (name.indexOf('\0') >= 0) {
      throw refused(name, "has a NUL in its name");
    }
    return name;
  }

  /** Names and link texts are UTF-8 or nothing: a repaired name would be another one. */
  static String text(String text, String what) throws SourceException {
    if (text.length() > Archive.MAX_PATH_BYTES) {
      throw refused(text, "has a %s of %,d characters".formatted(what, text.length()));
    }
    if (text.indexOf('\uFFFD') >= 0) {
      throw refused(
          text, "has a " + what + " that is not UTF-8; make the archive with UTF-8 names");
    }
    return text;
  }

  private static SourceException refused(String name, String why) {
    return invalid("the archive's entry " + Printable.name(name) + " " + why);
  }

  private static SourceException invalid(String message) {
    return new SourceException(Reason.InvalidContent, message);
  }
}
