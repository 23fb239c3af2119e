package dev.corvid.bittorrent.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.metainfo.Sha1;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashThreadTest {
  private static final int READ = 100_000;

  private final HashThread hashThread = new HashThread("test");
  private final PieceDigest digest = new PieceDigest(hashThread, Runnable::run);

  @AfterEach
  void stop() {
    hashThread.close();
  }

  private byte[] hash(byte[] bytes) throws Exception {
    for (var at = 0; at < bytes.length; at += READ) {
      var from = at;
      hashThread.lend(
          buffer -> {
            buffer.put(bytes, from, Math.min(READ, bytes.length - from)).flip();
            digest.update(buffer);
          });
    }
    var result = new CompletableFuture<byte[]>();
    digest.finish(result::complete);
    return result.get(60, TimeUnit.SECONDS);
  }

  @Test
  void hashesInOrderThoughTheSameFewBuffersAreLentAgainAndAgain() throws Exception {
    var bytes = new byte[20_000_001];
    new Random(1).nextBytes(bytes);

    assertThat(hash(bytes)).isEqualTo(Sha1.digest().digest(bytes));
  }

  /** 1.5 MiB for a loop, whatever the pieces' number and length. */
  @Test
  void lendsSixBuffersHoweverManyPiecesAreReceivedAtOnce() throws Exception {
    var pieces =
        Stream.generate(() -> new PieceDigest(hashThread, Runnable::run)).limit(60).toList();
    var lent = Collections.newSetFromMap(new IdentityHashMap<ByteBuffer, Boolean>());
    for (var round = 0; round < 5; round++) {
      for (var piece : pieces) {
        hashThread.lend(
            buffer -> {
              lent.add(buffer);
              piece.update(buffer);
            });
      }
    }
    assertThat(lent).hasSizeLessThanOrEqualTo(6);
    assertThat(lent.stream().mapToInt(ByteBuffer::capacity).sum()).isLessThanOrEqualTo(3 << 19);
  }

  @Test
  void beginsAnewAfterwardsAndAfterAReset() throws Exception {
    var bytes = new byte[] {1, 2, 3};

    assertThat(hash(bytes)).isEqualTo(hash(bytes));
    hashThread.lend(buffer -> digest.update(buffer.put((byte) 7).flip()));
    digest.reset();
    assertThat(hash(bytes)).isEqualTo(Sha1.digest().digest(bytes));
  }

  @Test
  void lendsAnotherBufferWhileOneIsLent() throws Exception {
    hashThread.lend(
        outer ->
            hashThread.lend(
                inner -> {
                  assertThat(inner).isNotSameAs(outer);
                  digest.update(inner.put((byte) 1).flip());
                }));

    assertThat(hash(new byte[0])).isEqualTo(Sha1.digest().digest(new byte[] {1}));
  }
}
