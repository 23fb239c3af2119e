package dev.corvid.bittorrent.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.pieces.HashThread;
import dev.corvid.bittorrent.pieces.PartialPiece;
import dev.corvid.bittorrent.pieces.PieceDigest;
import dev.corvid.bittorrent.pieces.PieceStorage;
import dev.corvid.bittorrent.swarm.Sample;
import dev.corvid.bittorrent.wire.Message;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the requests to one peer the download's limit stays charged for. */
class PipelineTest {
  private static final int BLOCK = Message.BLOCK;

  @TempDir Path directory;
  private final Pipeline pipeline = new Pipeline(null);
  private HashThread hashThread;
  private Message.Request first;
  private Message.Request second;

  @BeforeEach
  void ask() throws Exception {
    var sample = Sample.of(4 * BLOCK, 4 * BLOCK);
    hashThread = new HashThread("test");
    var storage = new PieceStorage(sample.metainfo(), null);
    pipeline.fetch(
        new PartialPiece(0, storage, new PieceDigest(hashThread, Runnable::run), sample.none()));
    first = pipeline.next(BLOCK);
    second = pipeline.next(BLOCK);
    assertThat(pipeline.charged()).isEqualTo(2 * BLOCK);
  }

  @AfterEach
  void close() {
    hashThread.close();
  }

  @Test
  void whatIsCancelledIsChargedUntilItComesOrIsRejected() throws Exception {
    pipeline.drop(0, block -> {});
    assertThat(pipeline.outstanding()).isZero();
    assertThat(pipeline.charged()).isEqualTo(2 * BLOCK);

    pipeline.begins(0, first.begin(), BLOCK);
    assertThat(pipeline.charged()).isEqualTo(BLOCK);
    assertThat(pipeline.rejected(second)).isFalse();
    assertThat(pipeline.charged()).isZero();
  }

  @Test
  void aRejectOfWhatNobodyAskedForReturnsNothing() {
    assertThat(pipeline.rejected(new Message.Request(0, 0, 3 * BLOCK))).isFalse();
    assertThat(pipeline.charged()).isEqualTo(2 * BLOCK);
  }

  @Test
  void nothingIsReturnedTwice() throws Exception {
    assertThat(pipeline.uncharge(BLOCK)).isEqualTo(BLOCK);
    assertThat(pipeline.uncharge(2 * BLOCK)).isEqualTo(BLOCK);

    pipeline.begins(0, first.begin(), BLOCK);
    assertThat(pipeline.charged()).isZero();
  }
}
