package dev.corvid.node.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.Storage;
import dev.corvid.node.SampleRelease;
import dev.corvid.store.RevisionDownload;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopyTest {
  private static final int PIECE = 1 << 20;

  private final SampleRelease sample = sample();

  @TempDir Path directory;
  private Root root;
  private RevisionDownload target;

  @BeforeEach
  void open() throws IOException {
    var config = new Roots.Root("models", "/models", null, "0", null, null, null, null, null, null);
    root = Root.open(config, directory, StoreOptions.ofThisMachine());
    target =
        root.release(new ReleaseName("search", "ranking"))
            .download(sample.content, sample.metainfo);
  }

  @AfterEach
  void close() throws IOException {
    target.close();
    root.close();
  }

  @Test
  void noPieceIsInMemoryWhole() throws IOException {
    var source = new SmallReads(sample.whole(), -1);
    assertThat(new LocalCopy(sample.metainfo, source, target).run(() -> false)).isTrue();
    assertThat(source.largest).isPositive().isLessThanOrEqualTo(64 << 10);
    assertThat(target.finish().content()).isEqualTo(sample.content);
  }

  @Test
  void aPieceThatHasChangedIsNotTaken() {
    var changed = sample.metainfo.pieceOffset(1) + PIECE / 2;
    var source = new SmallReads(sample.whole(), changed);
    assertThatThrownBy(() -> new LocalCopy(sample.metainfo, source, target).run(() -> false))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.Corrupted));
    assertThat(target.verified().get(0)).isTrue();
    assertThat(target.verified().get(1)).isFalse();
  }

  private static SampleRelease sample() {
    var bytes = new byte[3 * PIECE + 5];
    new Random(1).nextBytes(bytes);
    var files = new TreeMap<String, byte[]>();
    files.put("model", bytes);
    return new SampleRelease(files, PIECE);
  }

  /** How much is asked for at once. */
  private static final class SmallReads implements Storage {
    private final Storage whole;
    private final long changed;
    private int largest;

    /**
     * @param changed offset of a byte that differs
     */
    SmallReads(Storage whole, long changed) {
      this.whole = whole;
      this.changed = changed;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      var start = target.position();
      largest = Math.max(largest, target.remaining());
      whole.read(offset, target);
      var at = changed - offset + start;
      if (at >= start && at < target.position()) {
        target.put((int) at, (byte) ~target.get((int) at));
      }
    }

    @Override
    public BitSet verified() {
      return whole.verified();
    }

    @Override
    public void write(long offset, ByteBuffer data) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long offset, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void pieceVerified(int piece) {
      throw new UnsupportedOperationException();
    }
  }
}
