package dev.corvid.seeder.unpack;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.EntryText;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import dev.corvid.wire.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are taken, and under which path: leading components dropped, then those left out
 * that the patterns do not take. A name that could lead out of the tree is refused, not repaired.
 */
public final class EntrySelection {
  private static final FileFilter.Names NAMES =
      new FileFilter.Names("spec.source.files.include", "spec.source.files.exclude");

  private final int strip;
  private final FileFilter filter;

  /**
   * @throws SourceException when a pattern is none
   */
  public EntrySelection(SeederTask.Files files, SeederTask.Unpack unpack) throws SourceException {
    this.strip = unpack.stripComponents();
    this.filter = filter(files);
  }

  private static FileFilter filter(SeederTask.Files files) throws SourceException {
    try {
      return new FileFilter(files.include(), files.exclude(), NAMES);
    } catch (IllegalArgumentException e) {
      throw new SourceException(Reason.InvalidSpec, ErrorMessage.of(e), e);
    }
  }

  /**
   * @param source for messages
   * @throws SourceException when a single file cannot be unpacked as the spec says, or is not taken
   */
  public void requireSingle(Object source, String name) throws SourceException {
    if (strip > 0) {
      throw new SourceException(
          Reason.InvalidSpec,
          "%s is released as one file, of whose path spec.source.unpack.stripComponents cannot drop anything; remove it, or write spec.source.unpack.format if it is an archive"
              .formatted(source));
    }
    if (!filter.takes(List.of(name))) {
      throw new SourceException(
          Reason.InvalidSpec,
          "%s is released as one file, %s, which is left out by %s; correct the patterns, or write spec.source.unpack.format if it is an archive"
              .formatted(source, Printable.name(name), filter.shown()));
    }
  }

  /** The path in the revision; empty when the entry is left out. */
  Optional<String> pathOf(String name) throws SourceException {
    var kept = kept(name.length() > Archive.MAX_PATH_BYTES ? directories(name) : name);
    // First: what is left out need not be fit to be kept.
    if (!kept.isEmpty() && !filter.takes(kept)) {
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

  /** For a person: what leaves nothing of an archive. */
  public String shown() {
    var shown = strip > 0 ? "spec.source.unpack.stripComponents" : "";
    return filter.isEmpty()
        ? shown
        : filter.shown() + (strip > 0 ? ", matched after " + shown + "," : "");
  }

  /** For a person, about patterns that no entry has matched; null when there are none. */
  public @Nullable String note() {
    return filter.idle().isEmpty()
        ? null
        : String.join("; ", filter.idle())
            + (strip > 0 ? "; patterns are matched after stripComponents" : "");
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
  public static String text(String text, String what) throws SourceException {
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
