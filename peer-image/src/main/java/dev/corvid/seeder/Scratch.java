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
 * fetched, fetched.json     the source's bytes so far, and whose they are ({@link Partial})
 * tree/                     the content, and in it the manifest
 * entries                   what was unpacked, in order of arrival
 * info, revision.json       the finished revision's info dictionary and names; the latter comes last
 * </pre>
 *
 * @param root the volume
 */
record Scratch(Path root) {
  Path tree() {
    return root.resolve("tree");
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

  /** Removes everything but the source's bytes, which a next attempt may go on from. */
  void clean() throws SourceException {
    try {
      // The record first: what it vouches for is about to go.
      Files.deleteIfExists(revision());
      Files.deleteIfExists(info());
      Files.deleteIfExists(entries());
      deleteTree();
      Files.createDirectories(tree());
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** The source's bytes are not needed once the revision is whole. */
  void forgetSource() throws SourceException {
    try {
      Files.deleteIfExists(root.resolve(Partial.ORIGIN_FILE));
      Files.deleteIfExists(root.resolve(Partial.FILE));
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private void deleteTree() throws IOException {
    if (!Files.exists(tree())) {
      return;
    }
    Files.walkFileTree(
        tree(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException trouble)
              throws IOException {
            if (trouble != null) {
              throw trouble;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
