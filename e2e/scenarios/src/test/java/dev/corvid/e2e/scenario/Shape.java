package dev.corvid.e2e.scenario;

import dev.corvid.e2e.content.SampleRelease;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What tells a whole revision from a part of one, and is read in a moment. */
public record Shape(long files, long bytes) {
  public static Shape of(SampleRelease content) {
    return new Shape(content.fileCount(), content.sizeBytes());
  }

  public static Shape of(Path tree) throws IOException {
    long[] counts = new long[2];
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              counts[0]++;
              counts[1] += attributes.size();
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return new Shape(counts[0], counts[1]);
  }
}
