package dev.corvid.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that mean harm end; whoever else is connected does not notice. */
@Timeout(60)
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
    try (var connection = introduced(Message.Signal.HAVE_NONE)) {
      for (var message : messages) connection.send(message);
      ends(connection);
    }
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
  }

  @Test
  void liesAboutPiecesEndTheConnection() throws Exception {
    endsAfter(new Message.Have(5000));
    endsAfter(new Message.Have(-1));
    endsAfter(Message.Signal.HAVE_ALL);
    endsAfter(new Message.Bitfield(new byte[5000]));
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
      do answer = connection.next();
      while (!(answer instanceof Message.Reject));
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
      do answer = connection.next();
      while (!(answer instanceof Message.Reject));
    }
  }

  @Test
  void whoSaysNoHandshakeInTimeIsHungUpOn() throws Exception {
    var options =
        SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var impatient =
        new SwarmOptions(
            options.listen(),
            0,
            0,
            1,
            4,
            4,
            options.dialTimeout(),
            Duration.ofMillis(200),
            options.largestBlock());
    try (var swarm = Swarm.open(impatient);
        var socket = new Socket(swarm.address().getAddress(), swarm.address().getPort())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(19);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void connectionsBeyondTheBoundAreRefusedAndTheRestServed() throws Exception {
    var sockets = new ArrayList<Socket>();
    try {
      for (var i = 0; i < 400; i++)
        sockets.add(new Socket(seeder.address().getAddress(), seeder.address().getPort()));
      var refused = sockets.getLast();
      refused.setSoTimeout(5000);
      assertThatCode(() -> assertThat(refused.getInputStream().read()).isEqualTo(-1))
          .doesNotThrowAnyException();
    } finally {
      for (var socket : sockets) socket.close();
    }
  }

  @Test
  void mutatedConversationsEndOrAreIgnored() throws Exception {
    var random = new Random(11);
    var talk = ByteBuffer.allocate(4096);
    new Handshake(sample.metainfo().infoHash(), Handshake.PeerId.random(random), true, true)
        .encode(talk);
    Message.Signal.HAVE_NONE.encode(talk);
    new Message.Extended(0, new ExtensionHandshake(1, 0, 256 << 10, 250, 0).encode()).encode(talk);
    Message.Signal.INTERESTED.encode(talk);
    new Message.Request(3, 0, 16384).encode(talk);
    new Message.Cancel(3, 0, 16384).encode(talk);
    new Message.Extended(1, new Metadata.Header(Metadata.REQUEST, 0, 0).encode()).encode(talk);
    for (var i = 0; i < 300; i++) {
      var bytes = java.util.Arrays.copyOf(talk.array(), talk.position());
      // A peer id of its own for each, or they would be taken for one peer.
      for (var at = 60; at < 68; at++) bytes[at] = (byte) random.nextInt();
      for (var j = 0; j < 3; j++)
        bytes[68 + random.nextInt(bytes.length - 68)] = (byte) random.nextInt();
      try (var socket = new Socket(seeder.address().getAddress(), seeder.address().getPort())) {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        // Hung up on while writing.
      }
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> seeder.torrent.stats().neighbours() == 0);
  }
}
