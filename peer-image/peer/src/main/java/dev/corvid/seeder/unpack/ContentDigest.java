package dev.corvid.seeder.unpack;

import dev.corvid.seeder.archive.DirectoryArchive;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.BodyStorage;
import dev.corvid.seeder.scratch.EntryLog;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.seeder.scratch.TreeManifest;
import dev.corvid.seeder.scratch.UnsafeLinkPolicy;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.ManifestSummary;
import dev.corvid.store.manifest.RevisionLayout;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederTask;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names that a release of some content will have, before a seeder has fetched it: the entries
 * go the seeder's way, but of their bytes only the digests are kept. Confined to one thread.
 */
public final class ContentDigest {
  private final Request request;
  private final Path scratch;
  private final EntrySelection selection;

  /**
   * What a release would say of a source.
   *
   * @param content a directory, an archive or a file
   * @param name the last part of the source's URL, decoded
   * @param files which of the files are taken
   * @param unpack how the bytes become files
   */
  public record Request(
      Path content, String name, SeederTask.Files files, SeederTask.Unpack unpack) {}

  /**
   * What a release will have.
   *
   * @param manifestDigest {@code sha256:…}
   * @param sourceDigest {@code sha256:…} of the bytes that are fetched; null for a directory
   * @param sizeBytes of all files
   * @param fileCount regular files
   * @param note on possible mistakes, for a person; null for none
   */
  public record Result(
      String manifestDigest,
      @Nullable String sourceDigest,
      long sizeBytes,
      int fileCount,
      @Nullable String note) {
    /** The revision's short name. */
    public String revision() {
      return Content.revisionOf(manifestDigest);
    }
  }

  private ContentDigest(Request request, Path scratch) throws SourceException {
    this.request = request;
    this.scratch = scratch;
    this.selection = new EntrySelection(request.files(), request.unpack());
  }

  /** What a release can say of the format. */
  public static List<String> formats() {
    return Stream.concat(
            Stream.of("Auto"), Arrays.stream(UnpackFormat.values()).map(UnpackFormat::inSpec))
        .toList();
  }

  /**
   * @param scratch an empty directory, for a small file for each entry
   * @throws IOException when the content cannot be a release, in the words of a release's status
   */
  public static Result of(Request request, Path scratch) throws IOException {
    var digest = new ContentDigest(request, scratch);
    var budget = new ScratchBudget(0);
    var log = new EntryLog(scratch.resolve("entries"), ManifestReader.MAX_ENTRIES);
    var root = Files.createDirectory(scratch.resolve("tree"));
    var links = UnsafeLinkPolicy.of(request.unpack());
    try (var tree = new ScratchTree(root, log, budget, links, new BodyStorage.Digests())) {
      return Files.isDirectory(request.content())
          ? digest.ofDirectory(tree)
          : digest.ofFile(tree, budget);
    }
  }

  private Result ofDirectory(ScratchTree tree) throws IOException {
    try (var directory = new DirectoryArchive(request.content())) {
      new Unpacker(selection, tree, UnaryOperator.identity()).unpack(directory);
    }
    return result(tree, null, selection.note());
  }

  private Result ofFile(ScratchTree tree, ScratchBudget budget) throws IOException {
    var file = request.content();
    var format = UnpackFormat.of(request.unpack().format(), request.name(), file);
    var reader = new ArchiveReader(format, selection, budget);
    var digest = Sha256.digest();
    byte[] head = head();
    // Of a channel, whose reads an interrupt ends.
    var bytes = Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ));
    try (var in = new DigestInputStream(new BufferedInputStream(bytes, 1 << 16), digest)) {
      switch (format) {
        case NONE -> single(in, tree);
        case ZIP -> reader.readZip(file, head, tree);
        default -> readStream(reader, in, tree);
      }
      in.transferTo(OutputStream.nullOutputStream());
      var note = format == UnpackFormat.NONE ? unnamedArchive(head) : null;
      return result(
          tree,
          "sha256:" + HexFormat.of().formatHex(digest.digest()),
          note == null ? selection.note() : note);
    }
  }

  private static void readStream(ArchiveReader reader, InputStream in, ScratchTree tree)
      throws IOException {
    try {
      reader.readStream(in, tree);
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw ArchiveReader.corrupt(e);
    }
  }

  private void single(InputStream in, ScratchTree tree) throws IOException {
    var file = request.content();
    var name = FileName.check(request.name(), file);
    selection.requireSingle(file, name);
    tree.file(name, false, Files.size(file), in);
  }

  /** Where only the first bytes are those of an archive; null elsewhere. */
  private @Nullable String unnamedArchive(byte[] head) {
    return request.unpack().format().equals("Auto")
        ? UndeclaredArchive.note(request.name(), request.content(), head)
        : null;
  }

  private byte[] head() throws IOException {
    try (var in = Files.newInputStream(request.content())) {
      return in.readNBytes(UnexpectedContent.HEAD);
    }
  }

  private Result result(ScratchTree tree, @Nullable String sourceDigest, @Nullable String note)
      throws IOException {
    var file = scratch.resolve("manifest");
    var manifest = TreeManifest.write(tree, file);
    requireTorrent(file, manifest.summary());
    var summary = manifest.summary();
    return new Result(
        summary.digest(),
        sourceDigest,
        summary.contentBytes(),
        summary.files(),
        manifest.noteAnd(note));
  }

  /** Names for which a torrent has no room are refused here as they are by the seeder. */
  private static void requireTorrent(Path manifest, ManifestSummary summary) throws IOException {
    int pieceLength = RevisionLayout.pieceLength(summary.contentBytes());
    try (var in = new BufferedInputStream(Files.newInputStream(manifest), 1 << 16);
        var reader = new ManifestReader(in)) {
      RevisionLayout.of(reader, summary.manifestBytes(), pieceLength);
    }
  }
}
