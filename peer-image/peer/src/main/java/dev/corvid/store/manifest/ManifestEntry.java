package dev.corvid.store.manifest;

/**
 * One line of a manifest. Directories are listed only if they are empty; the others follow from the
 * paths below them.
 */
public sealed interface ManifestEntry {
  /** From the revision's root, joined by '/'. */
  String path();

  /**
   * A regular file.
   *
   * @param size bytes
   * @param sha256 64 lower-case hex digits
   */
  record File(String path, long size, boolean executable, String sha256) implements ManifestEntry {}

  /**
   * A symbolic link.
   *
   * @param text the link's target, relative to its own directory
   */
  record Link(String path, String text) implements ManifestEntry {}

  /** A directory with nothing in it. */
  record EmptyDirectory(String path) implements ManifestEntry {}
}
