package dev.corvid.seeder;

import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.TarArchive;
import dev.corvid.seeder.archive.ZipArchive;
import dev.corvid.store.ManifestEntry;
import dev.corvid.wire.SeederTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Unpacks for a test, and tells what came of it. */
final class UnpackedTree {
  private final Path scratch;
  private final ScratchBudget budget;
  private final SeederTask.Unpack unpack;
  private int files;
  private long bytes;

  UnpackedTree(Path scratch) {
    this(scratch, 0, new SeederTask.Unpack("Auto", 0, List.of()));
  }

  UnpackedTree(Path scratch, long limit, SeederTask.Unpack unpack) {
    this.scratch = scratch;
    this.budget = new ScratchBudget(limit);
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
    return files;
  }

  long bytes() {
    return bytes;
  }

  private List<ManifestEntry> take(Archive archive) throws IOException {
    var root = Files.createDirectories(scratch.resolve("tree"));
    var log = new EntryLog(scratch.resolve("entries"), 1000);
    var entries = new ArrayList<ManifestEntry>();
    try (var tree = new Tree(root, log, budget)) {
      new Unpacker(new Selection(unpack), tree, UnaryOperator.identity()).unpack(archive);
      log.forEachSorted(entries::add);
      files = tree.files();
      bytes = tree.bytes();
    }
    return entries;
  }
}
