package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.ManifestWriter;
import dev.corvid.store.manifest.RevisionLayout;
import dev.corvid.wire.grant.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A revision in memory, and the swarm that delivers it. */
record SampleRevision(
    Map<String, byte[]> files, byte[] manifest, Metainfo metainfo, Content content, byte[] bytes) {
  static final int PIECE = 16 << 10;

  /** Several pieces in one file, several files in one piece, and everything else there is. */
  static SampleRevision of(long seed) {
    var random = new Random(seed);
    var tree = new Builder();
    tree.file("bin/run", bytes(random, 3 * PIECE + 100), true);
    tree.file("lib/a.txt", bytes(random, 700), false);
    tree.file("lib/b.txt", bytes(random, 5000), false);
    tree.file("lib/deep/er/\u00e9\u4e16.dat", bytes(random, PIECE), false);
    tree.file("lib/empty", new byte[0], false);
    tree.link("lib/run", "../bin/run");
    tree.link("latest", "lib");
    tree.emptyDirectory("var/log");
    tree.file("z", bytes(random, 10), false);
    return tree.build();
  }

  static byte[] bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Delivers every piece that the storage has not. */
  void deliver(RevisionDownload download) throws IOException {
    var verified = download.verified();
    for (var piece = 0; piece < metainfo.pieceCount(); piece++) {
      if (!verified.get(piece)) {
        deliver(download, piece);
      }
    }
  }

  /** Delivers the pieces that the manifest is in. */
  void deliverManifest(RevisionDownload download) throws IOException {
    for (var piece = 0; !download.hasManifest(); piece++) {
      deliver(download, piece);
    }
  }

  void deliver(RevisionDownload download, int piece) throws IOException {
    download.write(metainfo.pieceOffset(piece), piece(piece));
    download.pieceVerified(piece);
  }

  ByteBuffer piece(int piece) {
    return ByteBuffer.wrap(
        bytes, Math.toIntExact(metainfo.pieceOffset(piece)), metainfo.pieceLength(piece));
  }

  static final class Builder {
    private final Map<String, ManifestEntry> entries =
        new TreeMap<>(
            (a, b) ->
                Arrays.compareUnsigned(
                    a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    private final Map<String, byte[]> files = new HashMap<>();

    Builder file(String path, byte[] bytes, boolean executable) {
      files.put(path, bytes);
      var sha256 = HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
      entries.put(path, new ManifestEntry.File(path, bytes.length, executable, sha256));
      return this;
    }

    /** Replaces what the manifest says of a file whose bytes stay as they are. */
    Builder lie(ManifestEntry.File entry) {
      entries.put(entry.path(), entry);
      return this;
    }

    Builder link(String path, String text) {
      entries.put(path, new ManifestEntry.Link(path, text));
      return this;
    }

    Builder emptyDirectory(String path) {
      entries.put(path, new ManifestEntry.EmptyDirectory(path));
      return this;
    }

    SampleRevision build() {
      return build(PIECE);
    }

    SampleRevision build(int pieceLength) {
      try {
        var out = new ByteArrayOutputStream();
        var writer = new ManifestWriter(out);
        for (var entry : entries.values()) {
          writer.add(entry);
        }
        var summary = writer.finish();
        var manifest = out.toByteArray();
        var info =
            RevisionLayout.of(
                new ManifestReader(new ByteArrayInputStream(manifest)),
                manifest.length,
                pieceLength);
        var layout = info.layout();
        var bytes = new byte[Math.toIntExact(layout.totalLength())];
        for (var file = 0; file < layout.fileCount(); file++) {
          if (layout.kind(file) == FileKind.FILE) {
            var source = file == 0 ? manifest : files.get(layout.path(file));
            System.arraycopy(source, 0, bytes, (int) layout.offset(file), source.length);
          }
        }
        var hashes =
            new PieceHasher(1)
                .hash(
                    (offset, target) -> target.put(bytes, (int) offset, target.remaining()),
                    bytes.length,
                    pieceLength,
                    count -> {});
        var metainfo = info.build(hashes);
        var content =
            new Content(
                summary.digest(),
                metainfo.infoHash().hex(),
                pieceLength,
                summary.contentBytes(),
                summary.files());
        return new SampleRevision(files, manifest, metainfo, content, bytes);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
