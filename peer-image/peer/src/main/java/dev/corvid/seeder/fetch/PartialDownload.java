package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The fetched bytes, kept on scratch beside what is unpacked from them: a restarted container goes
 * on where the last one stopped. Not synced to disk, so not believed after the machine restarted.
 * When scratch gets tight they are given up first, unless they are needed themselves.
 */
public final class PartialDownload implements Closeable {
  private static final int VERSION = 2;

  /**
   * Whose bytes they are, in a file beside them.
   *
   * @param version of this record
   * @param bootId of the kernel that wrote them
   * @param url SHA-256 of the URL, which itself may hold a signature
   * @param resource that sent them, after redirects, as {@link SourceUrl#resource}
   * @param validator of the bytes; null when the source gave none
   * @param total of the whole; -1 when unknown
   */
  record Origin(
      int version, String bootId, String url, String resource, String validator, long total) {}

  private final Path file;
  private final Path originFile;
  private final ScratchBudget budget;
  private final String bootId;
  private FileChannel channel;
  private Origin origin;
  private long length;
  private long dropped;

  /**
   * @param directory where it is or will be
   * @param bootId names the kernel's run, as in {@code /proc/sys/kernel/random/boot_id}
   */
  public PartialDownload(Path directory, ScratchBudget budget, String bootId)
      throws SourceException {
    this.file = directory.resolve(ScratchVolume.FETCHED);
    this.originFile = directory.resolve(ScratchVolume.FETCHED_ORIGIN);
    this.budget = budget;
    this.bootId = bootId;
    try {
      open();
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
    budget.take(length);
  }

  private void open() throws IOException {
    origin = readOrigin(originFile, bootId);
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (origin == null) {
      channel.truncate(0);
    }
    length = channel.size();
  }

  /** The URL of what is kept there, as in {@link Origin}; empty for none. */
  static Optional<String> keptUrl(Path directory, String bootId) throws SourceException {
    try {
      return Optional.ofNullable(
              readOrigin(directory.resolve(ScratchVolume.FETCHED_ORIGIN), bootId))
          .map(Origin::url);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private static Origin readOrigin(Path originFile, String bootId) throws IOException {
    if (!Files.isRegularFile(originFile)) {
      return null;
    }
    try {
      var read = Wire.decode(Files.readAllBytes(originFile), Origin.class);
      return read.version() == VERSION && bootId.equals(read.bootId()) ? read : null;
    } catch (WireException e) {
      return null;
    }
  }

  /** What these bytes are a beginning of; null when there are none. */
  public Origin origin() {
    return length == 0 ? null : origin;
  }

  public long length() {
    return length;
  }

  public Path file() {
    return file;
  }

  /** Forgets what there was and begins with another answer's bytes. */
  public void begin(SourceResponse response) throws SourceException {
    try {
      channel.truncate(0);
      budget.give(length);
      length = 0;
      origin =
          new Origin(
              VERSION,
              bootId,
              MirroredSource.hashOf(response.url()),
              response.resource(),
              response.validator(),
              response.total());
      var next = originFile.resolveSibling(ScratchVolume.FETCHED_ORIGIN + ".next");
      Files.write(next, Wire.encode(origin));
      Files.move(next, originFile, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Forgets what is behind a length. */
  void shorten(long to) throws SourceException {
    try {
      channel.truncate(to);
      budget.give(length - to);
      length = to;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  public void append(byte[] bytes, int offset, int count) throws SourceException {
    if (channel != null) {
      budget.take(count); // which may give this up
      if (channel != null) {
        write(bytes, offset, count);
        return;
      }
      budget.give(count);
    }
    dropped += count;
    budget.requireSource(dropped);
  }

  private void write(byte[] bytes, int offset, int count) throws SourceException {
    try {
      var buffer = ByteBuffer.wrap(bytes, offset, count);
      for (long at = length; buffer.hasRemaining(); ) {
        at += channel.write(buffer, at);
      }
      length += count;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Frees the disk; what is appended from now on is counted, and goes nowhere. */
  public void giveUp() {
    try {
      Files.deleteIfExists(originFile);
      close();
      Files.deleteIfExists(file);
      budget.give(length);
      dropped += length;
      length = 0;
      channel = null;
    } catch (IOException e) {
      // Then it keeps its place, and the refusal that follows says so.
    }
  }

  /** The bytes so far, from the first. */
  public InputStream read() throws SourceException {
    try {
      return Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ));
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
