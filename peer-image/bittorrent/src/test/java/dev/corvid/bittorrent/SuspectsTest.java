package dev.corvid.bittorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuspectsTest {
  private static final int UNIT = OpenPiece.UNIT;

  @TempDir Path directory;
  private final Hashing hashing = new Hashing("test");
  private final Source honest = new Nobody();
  private final Source other = new Nobody();
  private final Source liar = new Nobody();
  private Sample sample;
  private FileStorage storage;
  private Content content;
  private Suspects suspects;

  @BeforeEach
  void start() throws Exception {
    sample = Sample.of(4 * UNIT, 4 * UNIT);
    storage = new FileStorage(directory.resolve("piece"), sample.none());
    content = new Content(sample.metainfo(), storage);
    suspects = new Suspects(content);
  }

  @AfterEach
  void stop() throws Exception {
    hashing.close();
    storage.close();
  }

  private void send(OpenPiece piece, Source from, int unit, boolean right) throws Exception {
    var bytes = new byte[UNIT];
    System.arraycopy(sample.bytes(), unit * UNIT, bytes, 0, UNIT);
    if (!right) bytes[UNIT / 2] ^= 1;
    piece.begins(from, unit * UNIT, UNIT, 0);
    piece.bytes(from, ByteBuffer.wrap(bytes), 0);
  }

  private OpenPiece piece(Source ofUnitTwo, boolean right) throws Exception {
    var digest = new PieceDigest(hashing, Runnable::run);
    var piece = new OpenPiece(0, content, digest, sample.none());
    send(piece, honest, 0, true);
    send(piece, other, 1, true);
    send(piece, ofUnitTwo, 2, right);
    send(piece, honest, 3, true);
    return piece;
  }

  @Test
  void findsTheOneAmongSeveralWhoSentABadBlock() throws Exception {
    suspects.bad(piece(liar, false));
    piece(honest, true);

    assertThat(suspects.good(0)).containsExactly(liar);
    assertThat(suspects.good(0)).as("told once").isEmpty();
  }

  @Test
  void accusesNobodyOfAPieceThatWasNeverBad() throws Exception {
    piece(liar, true);

    assertThat(suspects.good(0)).isEmpty();
  }

  private static final class Nobody implements Source {
    @Override
    public int id() {
      return 0;
    }

    @Override
    public void knownAs(int number) {}

    @Override
    public void fetch(OpenPiece piece) {}

    @Override
    public boolean owes(int piece) {
      return false;
    }

    @Override
    public void cancel(int piece) {}

    @Override
    public void askAgain() {}

    @Override
    public void send(Message message) {}

    @Override
    public void refuseAll() {}

    @Override
    public void close() {}
  }
}
