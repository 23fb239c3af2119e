package dev.corvid.e2e.content;

import dev.corvid.e2e.reader.Tree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A release made from a seed: many small files, a few that hold most of the bytes, programs, links
 * and an empty directory. The same seed makes the same bytes.
 */
public record SampleRelease(List<Entry> entries) {
  public SampleRelease {
    entries = List.copyOf(entries);
  }

  /**
   * @param files at least 8
   * @param bytes of all files together
   */
  public static SampleRelease of(long seed, int files, long bytes) {
    var random = new SplittableRandom(seed);
    var entries = new ArrayList<Entry>();
    int large = 4;
    long small = bytes / 10 / (files - large); // nine tenths of the bytes are in four files
    for (int i = 0; i < files - large; i++) {
      int size = (int) (small / 2 + random.nextLong(small + 1));
      var path = "lib/part%02d/file-%04d.dat".formatted(i % 16, i);
      entries.add(new Entry.File(path, size, i % 7 == 0, random.nextLong()));
    }
    long written = entries.stream().mapToLong(entry -> ((Entry.File) entry).size()).sum();
    for (int i = 0; i < large; i++) {
      int size = Math.toIntExact((bytes - written) / (large - i));
      entries.add(new Entry.File("data/shard-" + i, size, false, random.nextLong()));
      written += size;
    }
    entries.add(new Entry.File("VERSION", 16, false, seed));
    entries.add(new Entry.File("empty", 0, false, 0));
    entries.add(new Entry.Link("bin/run", "../lib/part00/file-0000.dat"));
    entries.add(new Entry.Link("latest", "data"));
    entries.add(new Entry.Directory("var/spool"));
    return new SampleRelease(entries);
  }

  /** So many files that all hold the same text, {@code VERSION} among them. */
  public static SampleRelease saying(String text, int files) {
    var entries = new ArrayList<Entry>();
    entries.add(new Entry.Text("VERSION", text));
    for (int i = 1; i < files; i++) {
      entries.add(new Entry.Text("part%d/file-%d".formatted(i % 5, i), text));
    }
    return new SampleRelease(entries);
  }

  /** So many files of the same size, each with bytes of its own. */
  public static SampleRelease even(long seed, int files, int fileBytes) {
    var random = new SplittableRandom(seed);
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < files; i++) {
      var path = "part%02d/file-%04d.dat".formatted(i % 16, i);
      entries.add(new Entry.File(path, fileBytes, false, random.nextLong()));
    }
    return new SampleRelease(entries);
  }

  /** The same, but one of so many files has other bytes. */
  public SampleRelease withFilesChanged(int oneOf, long seed) {
    var changed = new ArrayList<>(entries);
    for (int i = 0; i < changed.size(); i += oneOf) {
      if (changed.get(i) instanceof Entry.File file) {
        changed.set(i, new Entry.File(file.path(), file.size(), file.executable(), seed + i));
      }
    }
    return new SampleRelease(changed);
  }

  /** The same, but each file has a part in its middle written anew: its size divided by this. */
  public SampleRelease withMiddlesOverwritten(int divisor, long seed) {
    var changed = new ArrayList<Entry>();
    for (var entry : entries) {
      if (entry instanceof Entry.File file) {
        int length = file.size() / divisor;
        changed.add(new Entry.Overwritten(file, (file.size() - length) / 2, length, seed));
      } else {
        changed.add(entry);
      }
    }
    return new SampleRelease(changed);
  }

  /** What is to be found where this was released. */
  public Tree tree() {
    var tree = new TreeMap<String, String>();
    for (var entry : entries) {
      tree.put(
          entry.path(),
          switch (entry) {
            case Entry.Regular file -> Tree.file(file.executable(), sha256(file.bytes()));
            case Entry.Link link -> Tree.link(link.target());
            case Entry.Directory _ -> Tree.EMPTY_DIRECTORY;
          });
    }
    return new Tree(tree);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Bytes of all files. */
  public long sizeBytes() {
    return regular().mapToLong(Entry.Regular::size).sum();
  }

  /** Regular files. */
  public long fileCount() {
    return regular().count();
  }

  private Stream<Entry.Regular> regular() {
    return entries.stream().filter(Entry.Regular.class::isInstance).map(Entry.Regular.class::cast);
  }

  /** Writes an archive: {@code .tar}, or with gzip when the name ends in {@code gz}. */
  public Path archive(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (var raw = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      if (file.toString().endsWith("gz")) {
        try (var gzip = new GZIPOutputStream(raw, 1 << 16)) {
          tar(gzip);
        }
      } else {
        tar(raw);
      }
    }
    return file;
  }

  private void tar(OutputStream out) throws IOException {
    try (var tar = new TarArchiveOutputStream(out)) {
      for (var entry : entries) {
        switch (entry) {
          case Entry.Regular file -> file(tar, file);
          case Entry.Link link -> {
            var header = new TarArchiveEntry(link.path(), TarConstants.LF_SYMLINK);
            header.setLinkName(link.target());
            tar.putArchiveEntry(header);
          }
          case Entry.Directory directory ->
              tar.putArchiveEntry(new TarArchiveEntry(directory.path() + "/"));
        }
        tar.closeArchiveEntry();
      }
    }
  }

  private static void file(TarArchiveOutputStream tar, Entry.Regular file) throws IOException {
    var header = new TarArchiveEntry(file.path());
    header.setMode(file.executable() ? 0755 : 0644);
    header.setSize(file.size());
    tar.putArchiveEntry(header);
    tar.write(file.bytes());
  }
}
