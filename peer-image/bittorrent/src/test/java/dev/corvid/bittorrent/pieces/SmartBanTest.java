package dev.corvid.bittorrent.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.swarm.FileStorage;
import dev.corvid.bittorrent.swarm.Sample;
import dev.corvid.bittorrent.wire.Message;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmartBanTest {
  private static final int UNIT = PartialPiece.UNIT;

  @TempDir Path directory;
  private final HashThread hashThread = new HashThread("test");
  private final PieceSource honest = new Closed(1);
  private final PieceSource other = new Closed(2);
  private final PieceSource liar = new Closed(3);
  private Sample sample;
  private FileStorage storage;
  private PieceStorage pieces;
  private SmartBan smartBan;

  @BeforeEach
  void start() throws Exception {
    sample = Sample.of(4 * UNIT, 4 * UNIT);
    storage = new FileStorage(directory.resolve("piece"), sample.none());
    pieces = new PieceStorage(sample.metainfo(), storage);
    smartBan = new SmartBan(pieces);
  }

  @AfterEach
  void stop() throws Exception {
    hashThread.close();
    storage.close();
  }

  private void send(PartialPiece piece, PieceSource from, int unit, boolean right)
      throws Exception {
    var bytes = new byte[UNIT];
    System.arraycopy(sample.bytes(), unit * UNIT, bytes, 0, UNIT);
    if (!right) {
      bytes[UNIT / 2] ^= 1;
    }
    piece.begins(from, unit * UNIT, UNIT, 0);
    piece.bytes(from, ByteBuffer.wrap(bytes), 0);
  }

  private PartialPiece piece(PieceSource ofUnitTwo, boolean right) throws Exception {
    var digest = new PieceDigest(hashThread, Runnable::run);
    var piece = new PartialPiece(0, pieces, digest, sample.none());
    send(piece, honest, 0, true);
    send(piece, other, 1, true);
    send(piece, ofUnitTwo, 2, right);
    send(piece, honest, 3, true);
    return piece;
  }

  @Test
  void findsTheOneAmongSeveralWhoSentABadBlock() throws Exception {
    smartBan.bad(piece(liar, false));
    piece(honest, true);

    assertThat(smartBan.good(0)).containsExactly(liar.sender());
    assertThat(smartBan.good(0)).as("told once").isEmpty();
  }

  @Test
  void accusesNobodyOfAPieceThatWasNeverBad() throws Exception {
    piece(liar, true);

    assertThat(smartBan.good(0)).isEmpty();
  }

  /** Each time over a connection of its own. */
  @Test
  void findsTwoThatWorkTogetherHoweverOftenTheySpoilThePiece() throws Exception {
    for (var round = 0; round < 1000; round++) {
      smartBan.bad(spoiled(new Closed(3), new Closed(4)));
    }
    assertThat(smartBan.kept()).as("rounds").isEqualTo(2);
    piece(honest, true);

    assertThat(smartBan.good(0))
        .containsExactlyInAnyOrder(new Closed(3).sender(), new Closed(4).sender());
    assertThat(smartBan.kept()).isZero();
  }

  private PartialPiece spoiled(PieceSource one, PieceSource another) throws Exception {
    var digest = new PieceDigest(hashThread, Runnable::run);
    var piece = new PartialPiece(0, pieces, digest, sample.none());
    send(piece, honest, 0, true);
    send(piece, one, 1, false);
    send(piece, another, 2, false);
    send(piece, honest, 3, true);
    return piece;
  }

  /** A connection that has ended by the time it is to blame. */
  private static final class Closed implements PieceSource {
    private final Sender sender;

    Closed(int host) {
      var address = new InetSocketAddress(InetAddress.ofLiteral("10.0.0." + host), 6881);
      sender = new Sender.Peer(address, address);
    }

    @Override
    public Sender sender() {
      return sender;
    }

    @Override
    public int id() {
      return 0;
    }

    @Override
    public void assignId(int number) {}

    @Override
    public void fetch(PartialPiece piece) {}

    @Override
    public boolean expects(int piece) {
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
