package dev.corvid.seeder;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What lies where on the scratch volume, which belongs to this pod alone and outlives its
 * containers:
 *
 * <pre>
 * fetched, fetched.json     the source's bytes so far, and whose they are ({@link PartialDownload})
 * tree/                     the content, and in it the manifest
 * pieces/                   what there is of a file that is served while it comes
 * entries                   what was unpacked, in order of arrival
 * info, revision.json       the finished revision's info dictionary and names; the latter comes last
 * </pre>
 *
 * @param root the volume
 */
record ScratchVolume(Path root) {
  Path tree() {
    return root.resolve("tree");
  }

  Path pieces() {
    return root.resolve("pieces");
  }

  Path entries() {
    return root.resolve("entries");
  }

  Path info() {
    return root.resolve("info");
  }

  Path revision() {
    return root.resolve("revision.json");
  }

  /** Whether some of the source's bytes were kept, for an attempt at the whole of it. */
  boolean hasSource() throws SourceException {
    try {
      var fetched = root.resolve(PartialDownload.FILE);
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
  void adoptPieces(String name) throws SourceException {
    try {
      delete(tree());
      Files.move(pieces().resolve(name), tree());
      delete(pieces());
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Removes everything but the source's bytes, which a next attempt may go on from. */
  void clean() throws SourceException {
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
  void forgetSource() throws SourceException {
    try {
      Files.deleteIfExists(root.resolve(PartialDownload.ORIGIN_FILE));
      Files.deleteIfExists(root.resolve(PartialDownload.FILE));
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
          public FileVisitResult postVisitDirectory(Path left, IOException trouble)
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
