package dev.corvid.cli.revision;

import dev.corvid.cli.process.Failure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which revision of a release is active on this node, as a pod sees it that mounts the release's
 * claim: what the link {@code current} names. Waits on the kernel's word that the directory
 * changed. Not thread-safe.
 */
final class CurrentRevision implements AutoCloseable {
  private static final String CURRENT = "current";

  private final Path directory;
  private final WatchService watch;

  /**
   * @param directory where the claim is mounted
   * @throws Failure if that is no directory
   */
  CurrentRevision(Path directory) throws Failure, IOException {
    this.directory = directory;
    if (!Files.isDirectory(directory)) {
      throw new Failure(
          directory + " is not a directory: mount the claim that has the release's name there");
    }
    watch = directory.getFileSystem().newWatchService();
    directory.register(
        watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
  }

  /** Its short name, as {@code kubectl get swr} shows it; empty while none is active. */
  Optional<String> read() throws IOException {
    try {
      Path link = directory.resolve(CURRENT);
      Path revision = Files.readSymbolicLink(link);
      if (!RevisionName.isShort(String.valueOf(revision.getFileName()))) {
        throw new FileSystemException(
            link.toString(),
            null,
            "leads to '%s', which is not a revision: this is not a release's directory"
                .formatted(revision));
      }
      return Files.isDirectory(directory.resolve(revision), LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(revision.getFileName().toString())
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NotLinkException e) {
      throw new FileSystemException(
          directory + "/" + CURRENT, null, "is not a link: this is not a release's directory");
    }
  }

  /**
   * Waits until it is as wanted.
   *
   * @param limit null to wait without end
   * @return what it is then; empty when the time was over before
   */
  Optional<Optional<String>> await(Predicate<Optional<String>> wanted, @Nullable Duration limit)
      throws IOException, InterruptedException {
    long deadline = limit == null ? 0 : System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
    for (var now = read(); ; now = read()) {
      if (wanted.test(now)) {
        return Optional.of(now);
      }
      var key =
          limit == null
              ? watch.take()
              : watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (key == null) {
        return Optional.empty();
      }
      // What happened does not matter, nor that some of it may be lost: it is read again.
      key.pollEvents();
      if (!key.reset()) {
        throw new FileSystemException(directory.toString(), null, "the directory is gone");
      }
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
