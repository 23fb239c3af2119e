package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.Message;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that mean harm end; whoever else is connected does not notice. */
class HostileTest {
  @TempDir Path directory;
  private Sample sample;
  private TestPeer seeder;

  @BeforeEach
  void seed() throws Exception {
    sample = Sample.of(2 << 20, 64 << 10);
    seeder = TestPeer.start(directory, sample, sample.all());
  }

  @AfterEach
  void othersAreServedStill() throws Exception {
    try (var leecher = TestPeer.start(directory, sample, sample.none()).knows(seeder)) {
      leecher.awaitCompletion();
      assertThat(sample.matches(leecher.content())).isTrue();
    } finally {
      seeder.close();
    }
  }

  private RawPeer.RawConnection introduced(Message what) throws IOException {
    var connection = RawPeer.RawConnection.dial(seeder.address());
    connection.greet(sample.metainfo().infoHash());
    connection.introduce(what);
    return connection;
  }

  private void endsAfter(Message... messages) throws IOException {
    var before = seeder.swarm.refused(RejectReason.PROTOCOL);
    try (var connection = introduced(Message.Signal.HAVE_NONE)) {
      for (var message : messages) {
        connection.send(message);
      }
      ends(connection);
    }
    assertThat(seeder.swarm.refused(RejectReason.PROTOCOL)).isEqualTo(before + 1);
  }

  /** The end may come as a reset, since what was sent was not all read. */
  private static void ends(RawPeer.RawConnection connection) throws IOException {
    try {
      connection.awaitEnd();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("The connection was not ended.", e);
    } catch (java.net.SocketException e) {
      // Reset.
    }
  }

  @Test
  void requestsOutOfRangeEndTheConnection() throws Exception {
    endsAfter(new Message.Request(1000, 0, 16384));
    endsAfter(new Message.Request(0, 60 << 10, 16384));
    endsAfter(new Message.Request(0, -16384, 16384));
    endsAfter(new Message.Request(0, 0, Integer.MAX_VALUE));
    endsAfter(new Message.Request(-1, 0, 16384));
    endsAfter(new Message.Cancel(-1, 0, 16384));
    endsAfter(new Message.Cancel(0, 0, Integer.MIN_VALUE));
    endsAfter(new Message.Reject(1 << 20, 0, 16384));
  }

  /** A reject of what was never asked for must not let it send what nobody wants. */
  @Test
  void rejectsEarnNoRightToSend() throws Exception {
    endsAfter(new Message.Reject(0, 0, Integer.MIN_VALUE));
    try (var connection = introduced(Message.Signal.HAVE_NONE)) {
      connection.send(new Message.Reject(0, 0, 16384));
      connection.sendBlock(new Message.Request(0, 0, 16384), new byte[16384]);
      ends(connection);
    }
  }

  @Test
  void liesAboutPiecesEndTheConnection() throws Exception {
    endsAfter(new Message.Have(5000));
    endsAfter(new Message.Have(-1));
    endsAfter(new Message.Bitfield(new byte[5000]));
  }

  @Test
  void aSecondSeedIsNoUseToASeedAndNotHostile() throws Exception {
    try (var connection = introduced(Message.Signal.HAVE_ALL)) {
      ends(connection);
    }
    assertThat(seeder.swarm.refused(RejectReason.PROTOCOL)).isZero();
  }

  @Test
  void extensionsThatAreNotBencodeEndTheConnection() throws Exception {
    endsAfter(new Message.Extended(ExtensionHandshake.UT_METADATA, "d8:msg_typei".getBytes()));
  }

  @Test
  void aLengthThatCannotBeEndsTheConnection() throws Exception {
    for (var length : new int[] {Integer.MAX_VALUE, -1, 300 << 10}) {
      try (var connection = introduced(Message.Signal.HAVE_NONE)) {
        var prefix = ByteBuffer.allocate(5).putInt(length).put((byte) 20);
        connection.socket.getOutputStream().write(prefix.array());
        ends(connection);
      }
    }
    assertThat(seeder.swarm.refused(RejectReason.PROTOCOL)).isEqualTo(3);
  }

  @Test
  void whoAsksAndNeverReadsTheAnswersIsHungUpOn() throws Exception {
    try (var connection = introduced(Message.Signal.HAVE_NONE)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  connection.send(new Message.Request(0, 0, 16384));
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(seeder.swarm.refused(RejectReason.PROTOCOL)).isEqualTo(1);
  }

  @Test
  void aBlockThatNobodyAskedForEndsTheConnection() throws Exception {
    try (var connection = introduced(Message.Signal.HAVE_NONE)) {
      connection.sendBlock(new Message.Request(0, 0, 16384), new byte[16384]);
      ends(connection);
    }
  }

  @Test
  void whoRequestsWithoutBeingServedIsRefused() throws Exception {
    try (var connection = introduced(Message.Signal.HAVE_NONE)) {
      var request = new Message.Request(0, 0, 16384);
      connection.send(request);
      Message answer;
      do {
        answer = connection.next();
      } while (!(answer instanceof Message.Reject));
      assertThat(answer).isEqualTo(new Message.Reject(0, 0, 16384));
    }
  }

  /** aria2 sends one in place of many HAVEs: not hostile, though BEP 3 does not foresee it. */
  @Test
  void aSecondBitfieldAddsToTheFirst() throws Exception {
    try (var connection = introduced(new Message.Bitfield(new byte[] {1, 0, 0, 0}))) {
      connection.send(new Message.Bitfield(new byte[] {3, 1, 0, 0}));
      connection.send(new Message.Request(0, 0, 16384));
      Message answer;
      do {
        answer = connection.next();
      } while (!(answer instanceof Message.Reject));
    }
  }

  @Test
  void whoSaysNoHandshakeInTimeIsHungUpOn() throws Exception {
    var impatient = TestPeer.options(Duration.ofMillis(200));
    try (var swarm = Swarm.open(impatient);
        var socket = new Socket(swarm.address().getAddress(), swarm.address().getPort())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(19);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat(swarm.refused(RejectReason.SILENT)).isEqualTo(1);
    }
  }
}
