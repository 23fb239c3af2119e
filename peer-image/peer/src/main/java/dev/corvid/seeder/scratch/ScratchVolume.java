package dev.corvid.seeder.scratch;

import dev.corvid.seeder.error.SourceException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What lies where on the scratch volume, which belongs to this pod alone and outlives its
 * containers:
 *
 * <pre>
 * fetched, fetched.json     the source's bytes so far, and whose they are
 * fetched.length            how many of them count, while others come before their turn
 * ahead                     where those go when the former are not kept; without a name once open
 * tree/                     the content, and in it the manifest
 * pieces/                   what there is of a file that is served while it comes
 * entries                   what was unpacked, in order of arrival
 * info, revision.json       the finished revision's info dictionary and names; the latter comes last
 * </pre>
 *
 * @param root the volume
 */
public record ScratchVolume(Path root) {
  public static final String FETCHED = "fetched";
  public static final String FETCHED_ORIGIN = "fetched.json";
  public static final String FETCHED_LENGTH = "fetched.length";
  public static final String AHEAD = "ahead";

  public Path tree() {
    return root.resolve("tree");
  }

  public Path pieces() {
    return root.resolve("pieces");
  }

  public Path entries() {
    return root.resolve("entries");
  }

  public Path info() {
    return root.resolve("info");
  }

  public Path revision() {
    return root.resolve("revision.json");
  }

  /** Whether some of the source's bytes were kept, for an attempt at the whole of it. */
  public boolean hasSource() throws SourceException {
    try {
      var fetched = root.resolve(FETCHED);
      return Files.exists(fetched) && Files.size(fetched) > 0;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /**
   * Makes the content what there is in {@link #pieces}, which has become whole.
   *
   * @param name of the directory there
   */
  public void adoptPieces(String name) throws SourceException {
    try {
      delete(tree());
      Files.move(pieces().resolve(name), tree());
      delete(pieces());
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Removes everything but the source's bytes, which the next attempt may continue from. */
  public void clean() throws SourceException {
    try {
      // The record first: what it vouches for is about to go.
      Files.deleteIfExists(revision());
      Files.deleteIfExists(info());
      Files.deleteIfExists(entries());
      delete(pieces());
      delete(tree());
      Files.createDirectories(tree());
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** The source's bytes are not needed once the revision is whole. */
  public void forgetSource() throws SourceException {
    try {
      Files.deleteIfExists(root.resolve(FETCHED_ORIGIN));
      Files.deleteIfExists(root.resolve(FETCHED));
      Files.deleteIfExists(root.resolve(FETCHED_LENGTH));
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException trouble)
              throws IOException {
            if (trouble != null) {
              throw trouble;
            }
            Files.delete(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
