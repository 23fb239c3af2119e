package dev.corvid.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ten places, four of them for anonymous clients, two of an address, three of a caller. */
class ConnectionsTest {
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(6),
          Duration.ofSeconds(300),
          Duration.ofSeconds(60));
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(10, 4, 2, 3, Duration.ofSeconds(1), TIMEOUTS);

  private final List<Client> clients = new ArrayList<>();
  private final List<Runnable> sweeps = new ArrayList<>();
  private long now = Long.MAX_VALUE - 10; // as System.nanoTime, of which only differences count
  private final Connections connections = new Connections(LIMITS, () -> now, sweeps::add);

  @Test
  void aNewConnectionTakesThePlaceOfTheOldestThatWaits() {
    var first = open(1);
    var second = open(2);
    var third = open(3);
    var fourth = open(4);
    handling(first);

    var fifth = open(5);

    assertThat(second.isClosed).isTrue();
    assertThat(List.of(first, third, fourth, fifth)).noneMatch(each -> each.isClosed);
    assertThat(connections.closed(CloseReason.FULL)).isEqualTo(1);
  }

  @Test
  void whereEveryOtherIsAtWorkTheOldestMakesRoom() {
    List<Client> atWork = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      atWork.add(open(i));
      handling(atWork.getLast());
    }

    open(5);

    assertThat(atWork).filteredOn(each -> each.isClosed).containsExactly(atWork.getFirst());
  }

  @Test
  void isRefusedWhereMembersHaveAllPlaces() {
    for (int i = 1; i <= 10; i++) {
      var peer = open(i);
      handling(peer);
      peer.connection.authenticated("node-" + i, ConnectionPriority.MEMBER);
      peer.connection.answering();
      peer.connection.reading();
    }

    assertThat(connections.open(new Client(11).connection)).isFalse();
    assertThat(connections.closed(CloseReason.REFUSED)).isEqualTo(1);
  }

  @Test
  void aClientThatDoesNotTakeItsAnswerMakesRoom() {
    var first = open(1);
    handling(first);
    first.connection.answering();
    first.connection.writing();
    for (int i = 2; i <= 4; i++) {
      handling(open(i));
    }

    open(5);

    assertThat(first.isClosed).isTrue();
  }

  @Test
  void anAddressHasItsNumberOfConnections() {
    var first = open(1);
    now += Duration.ofSeconds(2).toNanos();
    open(1);
    open(1);

    assertThat(first.isClosed).isTrue();
    assertThat(connections.closed(CloseReason.ADDRESS)).isEqualTo(1);
  }

  @Test
  void clientsBehindOneAddressMayAllComeAtOnceWhileThereIsRoom() {
    var limits = new ConnectionLimits(100, 40, 2, 3, Duration.ofSeconds(1), TIMEOUTS);
    var wide = new Connections(limits, () -> now, sweeps::add);
    for (int i = 0; i < 30; i++) {
      wide.open(new Client(1).connection);
    }

    assertThat(wide.size()).isEqualTo(20);
    assertThat(wide.closed(CloseReason.ADDRESS)).isEqualTo(10);
  }

  /** Each keeps its memory until its thread has ended. */
  @Test
  void aNewConnectionWaitsForThoseThatAreClosing() throws Exception {
    for (int i = 1; i <= 4 + LIMITS.closing(); i++) {
      openAtOnce(i);
    }
    var late = new Client(200);
    var opened = new CompletableFuture<Boolean>();
    var opening =
        Thread.ofVirtual().start(() -> opened.complete(connections.open(late.connection)));
    await().until(() -> opening.getState() == Thread.State.TIMED_WAITING);

    connections.ended(clients.getFirst().connection);

    assertThat(opened.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void authenticatedClientsNeitherCountForTheirAddressNorMakeRoomForStrangers() {
    List<Client> peers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      var peer = open(1);
      handling(peer);
      assertThat(peer.connection.authenticated("node-" + i, ConnectionPriority.MEMBER)).isTrue();
      peer.connection.answering();
      peer.connection.reading(); // for its next request
      peers.add(peer);
    }
    for (int i = 10; i < 100; i++) {
      open(i);
    }

    assertThat(peers).noneMatch(peer -> peer.isClosed);
    assertThat(connections.size()).isEqualTo(10);
  }

  @Test
  void whoMerelyHasATokenMakesRoomWhereThereIsNoneLeft() {
    List<Client> pods = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      var pod = open(i);
      handling(pod);
      pod.connection.authenticated("pod-" + i, ConnectionPriority.AUTHENTICATED);
      pod.connection.answering();
      pod.connection.reading();
      pods.add(pod);
    }

    open(11);

    assertThat(pods).filteredOn(pod -> pod.isClosed).containsExactly(pods.getFirst());
  }

  @Test
  void aCallerHasItsNumberOfConnections() {
    List<Client> own = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      own.add(open(i));
      handling(own.get(i));
      own.get(i).connection.authenticated("node-1", ConnectionPriority.MEMBER);
    }
    var fourth = open(4);
    handling(fourth);
    assertThat(fourth.connection.authenticated("node-1", ConnectionPriority.MEMBER))
        .as("all work")
        .isFalse();

    own.get(1).connection.answering();
    own.get(1).connection.reading();

    assertThat(fourth.connection.authenticated("node-1", ConnectionPriority.MEMBER)).isTrue();
    assertThat(own.get(1).isClosed).isTrue();
    assertThat(connections.closed(CloseReason.CALLER)).isEqualTo(1);
  }

  @Test
  void closesWhatIsLate() {
    var idle = open(1);
    var slowHeader = open(2);
    slowHeader.connection.reading();
    slowHeader.connection.read();
    var slowBody = open(3);
    handling(slowBody);
    slowBody.connection.authenticated("node-3", ConnectionPriority.MEMBER);
    slowBody.connection.reading();
    var unread = open(5);
    handling(unread);
    unread.connection.answering();
    unread.connection.writing();
    var waits = open(4); // for us
    handling(waits);

    pass(Duration.ofMillis(5500));
    assertThat(slowHeader.isClosed).isTrue();
    assertThat(idle.isClosed).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(idle.isClosed).isTrue();
    assertThat(slowBody.isClosed).isFalse();

    for (int i = 0; i < 11; i++) { // a part now and then
      slowBody.connection.read();
      slowBody.connection.reading();
      pass(Duration.ofSeconds(5));
    }
    assertThat(slowBody.isClosed).isTrue();
    assertThat(waits.isClosed).isFalse();
    assertThat(unread.isClosed).isTrue();
    for (var reason :
        List.of(CloseReason.HEADER, CloseReason.IDLE, CloseReason.BODY, CloseReason.ANSWER)) {
      assertThat(connections.closed(reason)).as("%s", reason).isEqualTo(1);
    }
  }

  @Test
  void aHeaderComesInAFewPieces() {
    var client = open(1);
    int reads = 0;
    while (client.connection.reading() && reads < 1000) {
      client.connection.read();
      reads++;
    }

    assertThat(reads).isLessThan(300);
  }

  @Test
  void noBodyOfAnAnonymousClientIsWaitedFor() {
    var client = open(1);
    handling(client);

    assertThat(client.connection.reading()).isFalse();
    client.connection.answering();
    assertThat(client.connection.reading()).as("nor is a request behind it").isFalse();

    var member = open(2);
    handling(member);
    member.connection.authenticated("node-1", ConnectionPriority.MEMBER);
    assertThat(member.connection.reading()).isTrue();
  }

  @Test
  void looksAtNothingWhileNothingIsOpen() {
    var client = open(1);
    assertThat(sweeps).hasSize(1);
    connections.ended(client.connection);
    pass(Duration.ofSeconds(1));

    assertThat(sweeps).isEmpty();
    open(2);
    assertThat(sweeps).hasSize(1);
  }

  /** After the threads of those that were closed have ended. */
  private Client open(int address) {
    clients.stream()
        .filter(each -> each.isClosed)
        .forEach(each -> connections.ended(each.connection));
    return openAtOnce(address);
  }

  private Client openAtOnce(int address) {
    var client = new Client(address);
    clients.add(client);
    assertThat(connections.open(client.connection)).isTrue();
    return client;
  }

  private static void handling(Client client) {
    client.connection.reading();
    client.connection.read();
    client.connection.requested();
  }

  private void pass(Duration time) {
    now += time.toNanos();
    var due = List.copyOf(sweeps);
    sweeps.clear();
    due.forEach(Runnable::run);
  }

  /** Nothing but the closing of a socket is asked of it here. */
  private final class Client implements HelidonSocket {
    final HttpConnection connection;
    boolean isClosed;

    Client(int address) {
      var from = InetAddress.ofLiteral("10.0.0." + address);
      connection = new HttpConnection(this, from, connections, () -> now);
    }

    @Override
    public void close() {
      isClosed = true;
    }

    @Override
    public void idle() {}

    @Override
    public boolean isConnected() {
      return !isClosed;
    }

    @Override
    public int read(BufferData buffer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(BufferData buffer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] get() {
      throw new UnsupportedOperationException();
    }

    @Override
    public PeerInfo remotePeer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public PeerInfo localPeer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSecure() {
      return false;
    }

    @Override
    public String socketId() {
      return "socket";
    }

    @Override
    public String childSocketId() {
      return "child";
    }
  }
}
