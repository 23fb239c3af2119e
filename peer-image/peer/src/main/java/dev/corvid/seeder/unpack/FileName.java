package dev.corvid.seeder.unpack;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.wire.Reason;

/**
 * The name of a file that is not unpacked: the last part of the spec's URL, percent-decoded, as it
 * is or not at all. A repaired name would be another one.
 */
public final class FileName {
  private FileName() {}

  /**
   * @throws SourceException when no file can be called so
   */
  public static String of(SourceUrl url) throws SourceException {
    return check(url.fileName(), url);
  }

  /**
   * @param source for messages: what has the name
   * @throws SourceException when no file can be called so
   */
  public static String check(String name, Object source) throws SourceException {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw refused(source + " has none; write a URL that ends in the file's name");
    }
    if (name.indexOf('\uFFFD') >= 0) {
      throw refused(source, "is not UTF-8");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw refused(source, "has a control character in it");
    }
    try {
      ContentPath.check(name);
      return name;
    } catch (StoreException e) {
      throw refused(source, "cannot be a file's: " + e.getMessage());
    }
  }

  private static SourceException refused(Object source, String why) {
    return refused(
        "that of %s %s; rename the file there, or use a URL with another name"
            .formatted(source, why));
  }

  private static SourceException refused(String what) {
    return new SourceException(
        Reason.InvalidSpec,
        "a file that is not unpacked is called by the last part of its URL, and " + what);
  }
}
