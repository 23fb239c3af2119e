package dev.corvid.store.tree;

import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.OsError;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What pods see of a release: {@code <root>/<namespace>/<name>} with {@code revisions} and {@code
 * current}. Others may look on, and with enough privilege write here, so everything is made in
 * private and renamed into place, directory by directory and never through a link.
 */
public final class ReleaseDirectory {
  static final String CURRENT = "current";

  /** No namespace begins so, and with a namespace begins the name of everything staged. */
  private static final String MADE = "_made";

  static final String REVISIONS = "revisions";

  private final Directory root;
  private final Directory workshop;
  private final ReleaseName release;

  /**
   * @param workshop private, on the same file system
   */
  public ReleaseDirectory(Directory root, Directory workshop, ReleaseName release) {
    this.root = root;
    this.workshop = workshop;
    this.release = release;
  }

  /**
   * @throws StoreException {@code ForeignContent} if something is there that is not Corvid's
   */
  public void refuseForeign(Set<String> revisions) throws IOException {
    try (var directory = find()) {
      if (directory == null) {
        return;
      }
      for (var name : directory.names()) {
        var expected =
            switch (name) {
              case CURRENT -> revisions.contains(current().orElse(""));
              case REVISIONS -> onlyRevisions(directory, revisions);
              default -> false;
            };
        if (!expected) {
          throw foreign(directory + "/" + name);
        }
      }
    } catch (NotDirectoryException e) {
      throw foreign(e.getFile());
    } catch (FileSystemException e) {
      if (OsError.of(e) == OsError.LINK) {
        throw foreign("the link " + e.getFile());
      }
      throw e;
    }
  }

  /** The name of the revision that {@code current} points to. */
  public Optional<String> current() throws IOException {
    try (var directory = find()) {
      if (directory == null
          || directory
              .find(CURRENT)
              .filter(entry -> entry.kind() == Directory.Kind.LINK)
              .isEmpty()) {
        return Optional.empty();
      }
      var text = directory.linkText(CURRENT);
      var prefix = REVISIONS + "/";
      return text.startsWith(prefix)
          ? Optional.of(text.substring(prefix.length()))
          : Optional.empty();
    }
  }

  public boolean has(String revision) throws IOException {
    try (var revisions = findRevisions()) {
      return revisions != null
          && revisions
              .find(revision)
              .filter(entry -> entry.kind() == Directory.Kind.DIRECTORY)
              .isPresent();
    }
  }

  /** The tree of a revision. */
  public Directory enter(String revision) throws IOException {
    try (var revisions = findRevisions()) {
      if (revisions == null) {
        throw new NoSuchFileException(release + "/" + REVISIONS + "/" + revision);
      }
      return revisions.enter(revision);
    }
  }

  /**
   * Renames a whole, synced tree to where pods see it. Durable when it returns.
   *
   * @param damaged where a damaged revision of that name goes just before; null if none is expected
   */
  public void place(Directory from, String name, String revision, @Nullable Trash damaged)
      throws IOException {
    try (var revisions = ensureRevisions()) {
      if (damaged != null) {
        damaged.take(revisions, revision);
      }
      if (revisions.find(revision).isPresent()) {
        throw foreign(revisions + "/" + revision);
      }
      from.move(name, revisions, revision);
      revisions.sync();
      from.sync();
    }
  }

  /** Lets {@code current} point to a revision, in one instant. Durable when it returns. */
  public void activate(String revision) throws IOException {
    try (var directory = find()) {
      if (directory == null) {
        throw new NoSuchFileException(release.toString());
      }
      var made = MADE + "." + release.namespace() + "." + release.name();
      workshop.deleteIfPresent(made);
      workshop.link(made, REVISIONS + "/" + revision);
      workshop.move(made, directory, CURRENT);
      directory.sync();
    }
  }

  /** Takes a revision out of sight, if it is there. */
  public void discard(String revision, Trash trash) throws IOException {
    try (var revisions = findRevisions()) {
      if (revisions != null) {
        trash.take(revisions, revision);
        revisions.sync();
      }
    }
  }

  /** Removes {@code current}, and the directories that are empty without their revisions. */
  public void removeAll(Set<String> revisions, Trash trash) throws IOException {
    try (var directory = find()) {
      if (directory != null) {
        if (revisions.contains(current().orElse(""))) {
          directory.deleteIfPresent(CURRENT);
          directory.sync();
        }
        for (var revision : revisions) {
          discard(revision, trash);
        }
        removeIfEmpty(directory, REVISIONS);
      }
    }
    synchronized (workshop) {
      if (root.find(release.namespace()).isPresent()) {
        try (var namespace = root.enter(release.namespace())) {
          removeIfEmpty(namespace, release.name());
        }
        removeIfEmpty(root, release.namespace());
      }
    }
  }

  public ReleaseName release() {
    return release;
  }

  @Override
  public String toString() {
    return release.toString();
  }

  private static void removeIfEmpty(Directory in, String name) throws IOException {
    if (in.find(name).isEmpty()) {
      return;
    }
    try (var directory = in.enter(name)) {
      if (!directory.names().isEmpty()) {
        return;
      }
    }
    in.deleteDirectory(name);
    in.sync();
  }

  /** Null if it is not there. */
  private @Nullable Directory find() throws IOException {
    try (var namespace = root.enter(release.namespace())) {
      return namespace.enter(release.name());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private @Nullable Directory findRevisions() throws IOException {
    try (var directory = find()) {
      return directory == null ? null : directory.enter(REVISIONS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** One release of the root at a time: those of a namespace have a directory in common. */
  private Directory ensureRevisions() throws IOException {
    synchronized (workshop) {
      try (var namespace = ensure(root, release.namespace());
          var directory = ensure(namespace, release.name())) {
        return ensure(directory, REVISIONS);
      }
    }
  }

  private Directory ensure(Directory in, String name) throws IOException {
    if (in.find(name).isEmpty()) {
      workshop.make(MADE).close();
      workshop.move(MADE, in, name);
      in.sync();
    }
    return in.enter(name);
  }

  private static boolean onlyRevisions(Directory directory, Set<String> known) throws IOException {
    try (var revisions = directory.enter(REVISIONS)) {
      return known.containsAll(revisions.names());
    }
  }

  private static StoreException foreign(String what) {
    return new StoreException(
        Reason.ForeignContent,
        what + " is not Corvid's, and nothing is overwritten: move it away, or rename the release");
  }
}
