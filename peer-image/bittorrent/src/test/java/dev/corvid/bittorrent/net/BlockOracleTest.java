package dev.corvid.bittorrent.net;

import static org.assertj.core.api.Assertions.assertThat;

import bt.protocol.Piece;
import dev.corvid.bittorrent.pieces.PieceStorage;
import dev.corvid.bittorrent.swarm.FileStorage;
import dev.corvid.bittorrent.swarm.Sample;
import dev.corvid.bittorrent.wire.BtCore;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.fuzz.RandomCases;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bt-core reads the blocks that we write, copied or not. */
class BlockOracleTest {
  private static final int PIECE = 256 << 10;
  private static final int PIECES = 3;

  @TempDir Path directory;

  @Test
  void itReadsTheBlocksThatWeWrite() throws Exception {
    var sample = Sample.of(PIECES * PIECE, PIECE);
    var file = Files.write(directory.resolve("sample"), sample.bytes());
    var btCore = new BtCore();
    try (var storage = new FileStorage(file, sample.none())) {
      var queue = new SendQueue(new PieceStorage(sample.metainfo(), storage));
      RandomCases.run(
          200,
          random -> {
            var begin = random.nextInt(PIECE);
            var length = 1 + random.nextInt(Math.min(PIECE - begin, 128 << 10));
            var block = new Message.Request(random.nextInt(PIECES), begin, length);
            var written = new ByteArrayOutputStream();
            queue.add(block);
            queue.write(
                Channels.newChannel(written), ByteBuffer.allocate(96 << 10), Integer.MAX_VALUE);

            var piece = (Piece) btCore.decode(written.toByteArray());

            assertThat(
                    new Message.Request(
                        piece.getPieceIndex(), piece.getOffset(), piece.getLength()))
                .isEqualTo(block);
            var from = block.piece() * PIECE + begin;
            assertThat(Arrays.copyOfRange(written.toByteArray(), 13, 13 + length))
                .isEqualTo(Arrays.copyOfRange(sample.bytes(), from, from + length));
          });
    }
  }
}
