package dev.corvid.seeder.scratch;

import dev.corvid.store.manifest.ContentPath;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestSummary;
import dev.corvid.store.manifest.ManifestWriter;
import dev.corvid.wire.text.Printable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a tree that is whole. Links that lead out are left out of it: only now is it
 * known which of them no later entry replaced.
 *
 * @param summary of the manifest, as it was written
 * @param note on what was left out, for a person; null for nothing
 */
public record TreeManifest(ManifestSummary summary, @Nullable String note) {
  /** In a message; the others are counted. */
  private static final int SHOWN = 5;

  /**
   * @param file to write it to
   */
  public static TreeManifest write(ScratchTree tree, Path file) throws IOException {
    return write(tree, Files.newOutputStream(file));
  }

  /**
   * Any number of times.
   *
   * @param out where to write it to; is closed
   */
  public static TreeManifest write(ScratchTree tree, OutputStream out) throws IOException {
    try (var writer = new ManifestWriter(new BufferedOutputStream(out, 1 << 16))) {
      var note = leaveOutLinks(tree);
      tree.log()
          .forEachSorted(
              entry -> {
                if (isKept(entry, tree)) {
                  writer.add(entry);
                }
              });
      return new TreeManifest(writer.finish(), note);
    }
  }

  /** The note, and another one after it; null if both are. */
  public @Nullable String noteAnd(@Nullable String more) {
    return note == null || more == null ? (note == null ? more : note) : note + "; " + more;
  }

  private static boolean isKept(ManifestEntry entry, ScratchTree tree) throws IOException {
    return switch (entry) {
      case ManifestEntry.File file -> true;
      case ManifestEntry.Link link -> !leadsOut(link);
      case ManifestEntry.EmptyDirectory directory ->
          tree.onDisk().isEmptyDirectory(directory.path());
    };
  }

  private static boolean leadsOut(ManifestEntry.Link link) throws IOException {
    return ContentPath.leadsOut(link.path(), link.text());
  }

  /**
   * Directories that had nothing else in them are empty then, if they have entries of their own.
   */
  private static @Nullable String leaveOutLinks(ScratchTree tree) throws IOException {
    if (!tree.hasLinksThatLeadOut()) {
      return null;
    }
    var leftOut = new LeftOut();
    tree.log()
        .forEachSorted(
            entry -> {
              if (entry instanceof ManifestEntry.Link link && leadsOut(link)) {
                tree.onDisk().remove(link.path());
                leftOut.add(link.path());
              }
            });
    if (leftOut.count == 0) {
      return null;
    }
    tree.log()
        .forEachSorted(
            entry -> {
              if (entry instanceof ManifestEntry.EmptyDirectory directory) {
                tree.onDisk().restore(directory.path());
              }
            });
    return leftOut.toString();
  }

  private static final class LeftOut {
    private final List<String> shown = new ArrayList<>();
    private int count;

    public void add(String path) {
      if (count++ < SHOWN) {
        shown.add(Printable.name(path));
      }
    }

    @Override
    public String toString() {
      return "%,d symbolic %s out, because %s absolute or may lead out of the content: %s%s"
          .formatted(
              count,
              count == 1 ? "link is left" : "links are left",
              count == 1 ? "it is" : "they are",
              String.join(", ", shown),
              count > SHOWN ? " and %,d more".formatted(count - SHOWN) : "");
    }
  }
}
