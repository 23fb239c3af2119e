package dev.corvid.cli.make;

import dev.corvid.cli.process.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Where a torrent is written: whole or not at all, and checked before the content is read, which
 * may take hours.
 */
final class TorrentOutput {
  private final Path path;
  private final Path real;

  private TorrentOutput(Path path, Path real) {
    this.path = path;
    this.real = real;
  }

  /**
   * @throws Failure if no file can be written there
   */
  static TorrentOutput at(Path path) throws IOException, Failure {
    var name = path.getFileName();
    var parent = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path) || name == null || parent == null) {
      throw new Failure(
          path + " is a directory: name the torrent in it, as in " + path + "/x.torrent");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new Failure(path + " is not a file that a torrent could replace");
    }
    try {
      var directory = parent.toRealPath();
      if (!Files.isDirectory(directory)) {
        throw new Failure(parent + " is not a directory");
      }
      if (!Files.isWritable(directory)) {
        throw new Failure("no permission to write to " + parent);
      }
      return new TorrentOutput(path, directory.resolve(name));
    } catch (NoSuchFileException e) {
      throw new Failure("there is no directory " + parent, e);
    }
  }

  /**
   * @param content without links in its path
   */
  boolean isInside(Path content) {
    return real.startsWith(content);
  }

  void write(byte[] torrent) throws IOException {
    var draft = real.resolveSibling(".corvid-make-" + UUID.randomUUID());
    try {
      try (var file =
          FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (var bytes = ByteBuffer.wrap(torrent); bytes.hasRemaining(); ) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.move(draft, real, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
