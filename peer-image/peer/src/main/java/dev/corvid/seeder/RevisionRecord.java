package dev.corvid.seeder;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A finished revision as a restarted container finds it. The files are not synced to disk, so the
 * record holds within one run of the kernel only; a container's end, however sudden, loses nothing.
 *
 * @param version of this record
 * @param bootId of the kernel that wrote the files
 * @param task what was to be done; for another task the revision is worth nothing
 * @param note about the source; null for none
 */
record RevisionRecord(
    int version,
    String bootId,
    SeederTask task,
    Content content,
    String sourceDigest,
    long originBytes,
    @Nullable String note) {
  private static final int VERSION = 1;

  static void write(SeederContext context, SeededRevision revision) throws SourceException {
    var scratch = context.scratch();
    try {
      var info = revision.metainfo().infoBytes();
      try (var out =
          FileChannel.open(
              scratch.info(),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        while (info.hasRemaining()) {
          out.write(info);
        }
      }
      var next = scratch.revision().resolveSibling("revision.json.next");
      var record =
          new RevisionRecord(
              VERSION,
              context.bootId(),
              context.task(),
              revision.content(),
              revision.sourceDigest(),
              revision.originBytes(),
              revision.note());
      Files.write(next, Wire.encode(record));
      Files.move(next, scratch.revision(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** What an earlier container of this pod finished; empty when it did not, or not this. */
  static Optional<SeededRevision> read(SeederContext context) {
    var scratch = context.scratch();
    try {
      var record = Wire.decode(Files.readAllBytes(scratch.revision()), RevisionRecord.class);
      if (record.version != VERSION
          || !record.bootId.equals(context.bootId())
          || !record.task.equals(context.task())) {
        return Optional.empty();
      }
      var metainfo = readInfo(scratch);
      return metainfo.infoHash().hex().equals(record.content.infoHash())
          ? Optional.of(
              new SeededRevision(
                  metainfo, record.content, record.sourceDigest, record.originBytes, record.note))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Half a record, or none: the source is fetched, from where its bytes on scratch end.
      return Optional.empty();
    }
  }

  /** Mapped: an info dictionary of many files is large, and most of it is rarely looked at. */
  private static Metainfo readInfo(ScratchVolume scratch) throws IOException {
    try (var in = FileChannel.open(scratch.info(), StandardOpenOption.READ)) {
      return Metainfo.ofInfo(in.map(FileChannel.MapMode.READ_ONLY, 0, in.size()));
    }
  }
}
