package dev.corvid.seeder.scratch;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The content as it grows on scratch, in its own directories; what each entry is goes into a log.
 *
 * <p>Only plain files and directories are ever made here: a link is a file that holds its text, and
 * {@link EntryKind a mark} tells it apart. So no name, however chosen, leads out of the directory.
 * Everything is ours and readable whatever modes the archive says.
 *
 * <p>An entry replaces an earlier one of its name and kind, as tar unpacks what was appended; the
 * log keeps both, and tells the later one.
 */
public final class ScratchTree implements Closeable {
  /** What helps against all entries that cannot be kept as they are. */
  public static final String ADVICE =
      "; leave it out by spec.source.files.exclude, or pack it otherwise";

  private final ScratchFiles files;
  private final EntryLog log;
  private final ScratchBudget budget;
  private final UnsafeLinkPolicy links;
  private final BodyStorage bodies;
  private boolean leadOut;

  /**
   * @param root an empty directory
   * @param log where entries are recorded
   */
  public ScratchTree(Path root, EntryLog log, ScratchBudget budget, UnsafeLinkPolicy links) {
    this(root, log, budget, links, new BodyStorage.Whole());
  }

  /**
   * @param bodies what is kept of the files
   */
  public ScratchTree(
      Path root, EntryLog log, ScratchBudget budget, UnsafeLinkPolicy links, BodyStorage bodies) {
    this.files = new ScratchFiles(root, budget);
    this.log = log;
    this.budget = budget;
    this.links = links;
    this.bodies = bodies;
  }

  /** Regular files. */
  public int files() {
    return files.count();
  }

  public long bytes() {
    return files.bytes();
  }

  /** Whether there are links that {@link TreeManifest} may have to leave out. */
  boolean hasLinksThatLeadOut() {
    return leadOut;
  }

  public EntryLog log() {
    return log;
  }

  public Path root() {
    return files.root();
  }

  public ScratchFiles onDisk() {
    return files;
  }

  /**
   * Writes a file and hashes it on the way. What reading throws is passed on as it is; trouble with
   * the disk is a {@link SourceException}.
   *
   * @param size bytes that the body has; they are counted before the first is written
   */
  public void file(String path, boolean executable, long size, InputStream body)
      throws IOException {
    BodyStorage.Body kept;
    try (var out = files.create(path, executable ? EntryKind.EXECUTABLE : EntryKind.FILE, size)) {
      kept = bodies.keep(body, size, out);
    }
    if (kept.size() != size) {
      throw new SourceException(
          Reason.InvalidContent,
          "the archive's entry %s has another length than its header says"
              .formatted(Printable.name(path)));
    }
    record(new ManifestEntry.File(path, size, executable, kept.sha256()));
  }

  /** Gives a file that is on scratch already, and counted, a name in the tree as well. */
  public void adopt(Path file, String path, String sha256) throws SourceException {
    record(new ManifestEntry.File(path, files.adopt(file, path), false, sha256));
  }

  /** One that leads out is kept here as others are, until {@link TreeManifest} leaves it out. */
  public void link(String path, String text) throws IOException {
    leadOut |= links.leavesOut(path, text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (var out = files.create(path, EntryKind.LINK, bytes.length)) {
      out.write(bytes);
    } catch (IOException e) {
      throw ScratchFiles.asSourceException(e);
    }
    record(new ManifestEntry.Link(path, text));
  }

  /**
   * Archives list directories as often as they like. One that is here already may be empty in the
   * end, where links are left out.
   */
  public void directory(String path) throws IOException {
    if (files.makeDirectory(path) || links == UnsafeLinkPolicy.LEAVE_OUT) {
      record(new ManifestEntry.EmptyDirectory(path));
    }
  }

  /**
   * Another name for a file or a link that is here, as it is now: a copy, because nodes keep no
   * hard links.
   */
  public void copy(String path, String existing) throws IOException {
    var source = files.resolve(existing);
    if (!Files.exists(source, NOFOLLOW_LINKS)) {
      throw ScratchFiles.invalid(
          path,
          "is a hard link to " + Printable.name(existing) + ", which does not come before it");
    }
    var found = ScratchFiles.attributes(source);
    switch (EntryKind.of(found)) {
      case DIRECTORY ->
          throw ScratchFiles.invalid(
              path, "is a hard link to " + Printable.name(existing) + ", which is a directory");
      // To itself, as tar writes a file that it was told of twice.
      case EntryKind kind when path.equals(existing) -> {}
      case LINK -> link(path, Files.readString(source));
      case EntryKind kind -> {
        BodyStorage.Body kept;
        try (var in = Files.newInputStream(source);
            var out = files.create(path, kind, found.size())) {
          kept = bodies.copy(in, found.size(), out);
        }
        record(
            new ManifestEntry.File(path, kept.size(), kind == EntryKind.EXECUTABLE, kept.sha256()));
      }
    }
  }

  private void record(ManifestEntry entry) throws SourceException {
    try {
      budget.take(log.add(entry));
    } catch (IOException e) {
      throw ScratchFiles.asSourceException(e);
    }
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
