package dev.corvid.seeder.unpack;

import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.TarArchive;
import dev.corvid.seeder.archive.ZipArchive;
import dev.corvid.seeder.scratch.EntryLog;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.seeder.scratch.TreeManifest;
import dev.corvid.seeder.scratch.UnsafeLinkPolicy;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.wire.seeder.SeederTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Unpacks for a test, and tells what came of it. */
final class UnpackedTree {
  private static final SeederTask.Files EVERYTHING = new SeederTask.Files(null, null);
  private static final SeederTask.Unpack AUTO = new SeederTask.Unpack("Auto", 0, null);

  private final Path scratch;
  private final ScratchBudget budget;
  private final SeederTask.Files files;
  private final SeederTask.Unpack unpack;
  private int count;
  private long bytes;
  private String note;

  UnpackedTree(Path scratch) {
    this(scratch, 0, EVERYTHING, AUTO);
  }

  static UnpackedTree within(Path scratch, long limit) {
    return new UnpackedTree(scratch, limit, EVERYTHING, AUTO);
  }

  static UnpackedTree of(Path scratch, SeederTask.Files files) {
    return new UnpackedTree(scratch, 0, files, AUTO);
  }

  static UnpackedTree of(Path scratch, SeederTask.Unpack unpack) {
    return new UnpackedTree(scratch, 0, EVERYTHING, unpack);
  }

  UnpackedTree(Path scratch, long limit, SeederTask.Files files, SeederTask.Unpack unpack) {
    this.scratch = scratch;
    this.budget = new ScratchBudget(limit);
    this.files = files;
    this.unpack = unpack;
  }

  List<ManifestEntry> tar(byte[] archive) throws IOException {
    return take(new TarArchive(new ByteArrayInputStream(archive)));
  }

  List<ManifestEntry> zip(byte[] archive) throws IOException {
    var file = Files.write(scratch.resolve("archive.zip"), archive);
    try (var zip = ZipArchive.open(file)) {
      return take(zip);
    }
  }

  String content(String path) throws IOException {
    return Files.readString(scratch.resolve("tree").resolve(path));
  }

  int files() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  private List<ManifestEntry> take(Archive archive) throws IOException {
    var root = Files.createDirectories(scratch.resolve("tree"));
    var log = new EntryLog(scratch.resolve("entries"), 1000);
    var entries = new ArrayList<ManifestEntry>();
    try (var tree = new ScratchTree(root, log, budget, UnsafeLinkPolicy.of(unpack))) {
      new Unpacker(new EntrySelection(files, unpack), tree, UnaryOperator.identity())
          .unpack(archive);
      log.forEachSorted(entries::add);
      count = tree.files();
      bytes = tree.bytes();
      var manifest = TreeManifest.write(tree, scratch.resolve("manifest"));
      note = manifest.note();
    }
    return entries;
  }

  /** What a release has of what was unpacked last. */
  List<ManifestEntry> manifest() throws IOException {
    var entries = new ArrayList<ManifestEntry>();
    try (var reader = new ManifestReader(Files.newInputStream(scratch.resolve("manifest")))) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        entries.add(next.get());
      }
    }
    return entries;
  }

  /** On what is left out of it; null for nothing. */
  String note() {
    return note;
  }
}
