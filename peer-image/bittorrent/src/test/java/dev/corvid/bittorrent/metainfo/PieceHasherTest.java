package dev.corvid.bittorrent.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceHasherTest {
  @ParameterizedTest
  @CsvSource({"0, 16, 2", "1, 16, 2", "160, 16, 3", "161, 16, 3", "1000000, 300000, 4"})
  void hashesEveryPieceInItsPlace(int length, int pieceLength, int threads) throws Exception {
    var content = new byte[length];
    new Random(length).nextBytes(content);
    var reported = new AtomicLong();

    var hashes =
        new PieceHasher(threads)
            .hash(
                (offset, target) -> target.put(content, (int) offset, target.remaining()),
                length,
                pieceLength,
                reported::addAndGet);

    var expected = new ByteArrayOutputStream();
    for (var start = 0; start < length; start += pieceLength) {
      var digest = Sha1.digest();
      digest.update(content, start, Math.min(pieceLength, length - start));
      expected.writeBytes(digest.digest());
    }
    assertThat(hashes).isEqualTo(expected.toByteArray());
    assertThat(reported).hasValue(length);
  }

  @Test
  void passesAReadErrorOn() {
    assertThatThrownBy(
            () ->
                new PieceHasher(2)
                    .hash(PieceHasherTest::fail, 1_000_000_000_000L, 1 << 20, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("torn disk");
  }

  private static void fail(long offset, ByteBuffer target) throws IOException {
    if (offset > 3 << 20) {
      throw new IOException("torn disk");
    }
    target.position(target.limit());
  }
}
