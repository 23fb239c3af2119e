package dev.corvid.node;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.ManifestWriter;
import dev.corvid.store.manifest.RevisionLayout;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.grant.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A revision as a seeder would publish it, in memory, with all that a swarm needs of it. */
public final class SampleRelease {
  private static final int SMALL_PIECE = 16 << 10;

  public final SortedMap<String, byte[]> files = new TreeMap<>();
  public final Metainfo metainfo;
  public final Content content;
  private final byte[] bytes;

  /**
   * @param files of about {@code fileBytes} random bytes each
   */
  public SampleRelease(long seed, int files, int fileBytes) {
    this(random(seed, files, fileBytes), SMALL_PIECE);
  }

  /**
   * @param files bytes by path
   */
  public SampleRelease(SortedMap<String, byte[]> files, int pieceLength) {
    this.files.putAll(files);
    try {
      var out = new ByteArrayOutputStream();
      var writer = new ManifestWriter(out);
      for (var file : this.files.entrySet()) {
        byte[] digest = Sha256.digest().digest(file.getValue());
        writer.add(
            new ManifestEntry.File(
                file.getKey(), file.getValue().length, false, HexFormat.of().formatHex(digest)));
      }
      var summary = writer.finish();
      byte[] manifest = out.toByteArray();
      var info =
          RevisionLayout.of(
              new ManifestReader(new ByteArrayInputStream(manifest)), manifest.length, pieceLength);
      var layout = info.layout();
      bytes = new byte[Math.toIntExact(layout.totalLength())];
      for (int file = 0; file < layout.fileCount(); file++) {
        if (layout.kind(file) == FileKind.FILE) {
          byte[] source = file == 0 ? manifest : this.files.get(layout.path(file));
          System.arraycopy(source, 0, bytes, (int) layout.offset(file), source.length);
        }
      }
      metainfo =
          info.build(
              new PieceHasher(1)
                  .hash(
                      (offset, target) -> target.put(bytes, (int) offset, target.remaining()),
                      bytes.length,
                      pieceLength,
                      count -> {}));
      content =
          new Content(
              summary.digest(),
              metainfo.infoHash().hex(),
              pieceLength,
              summary.contentBytes(),
              summary.files());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static SortedMap<String, byte[]> random(long seed, int files, int fileBytes) {
    var random = new Random(seed);
    SortedMap<String, byte[]> made = new TreeMap<>();
    for (int file = 0; file < files; file++) {
      byte[] content = new byte[fileBytes + random.nextInt(100)];
      random.nextBytes(content);
      made.put("data/file-%04d".formatted(file), content);
    }
    return made;
  }

  /** Changes a bit of what is served from now on, or changes it back. */
  void flipABit(int file) {
    bytes[(int) metainfo.offset(file)] ^= 1;
  }

  /** All of it, for a seeder. */
  public Storage whole() {
    return new Storage() {
      @Override
      public BitSet verified() {
        var all = new BitSet();
        all.set(0, metainfo.pieceCount());
        return all;
      }

      @Override
      public void write(long offset, ByteBuffer data) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void read(long offset, ByteBuffer target) {
        target.put(bytes, Math.toIntExact(offset), target.remaining());
      }

      @Override
      public long transferTo(long offset, long count, WritableByteChannel target)
          throws IOException {
        return target.write(ByteBuffer.wrap(bytes, (int) offset, (int) Math.min(count, 1 << 16)));
      }

      @Override
      public void pieceVerified(int piece) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
