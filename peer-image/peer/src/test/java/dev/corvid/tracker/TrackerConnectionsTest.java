package dev.corvid.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.http.CloseReason;
import dev.corvid.http.ConnectionLimits;
import dev.corvid.http.Timeouts;
import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.operator.Push;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tracker does with connections that take their time, over real sockets. */
@Tag("slow")
class TrackerConnectionsTest {
  private static final Logger LOG = Logger.getLogger(TrackerConnectionsTest.class.getName());
  private static final Duration QUICK = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();
  private TestTracker tracker;

  @BeforeEach
  void open() throws IOException {
    var timeouts = new Timeouts(QUICK, QUICK, LONG, Duration.ofSeconds(4));
    tracker =
        new TestTracker(
            directory,
            Duration.ofSeconds(20),
            new ConnectionLimits(100, 20, 4, 8, Duration.ZERO, timeouts));
  }

  @AfterEach
  void close() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
    tracker.close();
  }

  @Test
  void onlyWhoHasShownATokenMayWaitAndStayIdle() throws Exception {
    String instance = tracker.instance();
    List<Socket> peers = new ArrayList<>();
    var poll = Wire.encode(Samples.poll());
    for (int i = 0; i < 12; i++) { // behind one address, which has four places
      var peer = connect();
      send(peer, post("poll", "node-" + i, poll.length));
      peer.getOutputStream().write(poll);
      int known = i + 1;
      await().atMost(PATIENCE).until(() -> tracker.waiting() == known);
      peers.add(peer);
    }
    var stranger = connect();

    await().atMost(PATIENCE).until(() -> tracker.closed(CloseReason.IDLE) >= 1);
    assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    assertThat(tracker.closed(CloseReason.ADDRESS)).isZero();
    tracker.push(new Push(instance, 0, true, List.of(), List.of(), null));
    for (var peer : peers) {
      assertThat(answer(peer)).isEqualTo("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/nowhere,Content-Length: 1000",
    "/nowhere,Transfer-Encoding: chunked",
    "/v1/push,Content-Length: 1000",
    "/v1/nodes/node-1/poll,Transfer-Encoding: chunked",
    "/v1/neighbours/x,Transfer-Encoding: chunked"
  })
  void whoShowsNoTokenIsAnsweredWithoutItsBody(String path, String length) throws Exception {
    var stranger = connect();
    send(stranger, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n".formatted(path, length));

    var answer = new String(stranger.getInputStream().readAllBytes(), US_ASCII);
    assertThat(answer).containsPattern("^HTTP/1.1 40[14] ").contains("Connection: close");
    assertThat(tracker.closed(CloseReason.BODY)).as("waited for").isZero();
  }

  @Test
  void aSlowBodyIsCutOff() throws Exception {
    var peer = connect();
    send(peer, report("node-1", 1000) + "{");

    await().atMost(PATIENCE).until(() -> tracker.closed(CloseReason.BODY) == 1);
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"reports,identity", "reports,deflate", "poll,identity", "poll,deflate"})
  void aNodeHasOneLargeMessageReadAtATime(String path, String coding) throws Exception {
    byte[] blank = " ".repeat(1 << 20).getBytes(US_ASCII);
    byte[] body = coding.equals("deflate") ? Deflate.compress(blank) : blank;
    byte[] most = Arrays.copyOf(body, body.length - 10);
    var slow = connect();
    send(slow, post(path, "node-1", body.length, coding), most);
    var second = connect();
    try {
      send(second, post(path, "node-1", body.length, coding), most);
    } catch (IOException e) {
      LOG.log(Level.FINE, "it was refused, and reset, before all of it was sent", e);
    }
    var other = connect();
    send(other, post(path, "node-2", body.length, coding), body);

    await().atMost(PATIENCE).until(() -> tracker.refused(RejectionKind.BUSY) == 1);
    assertThat(answer(other)).as("read, and of no sense").startsWith("HTTP/1.1 400");
  }

  private String report(String node, int length) {
    return post("reports", node, length);
  }

  private String post(String path, String node, int length) {
    return post(path, node, length, "identity");
  }

  private String post(String path, String node, int length, String coding) {
    return "POST /v1/nodes/%s/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
            .formatted(node, path, tracker.cluster.peerToken(node))
        + (coding.equals("deflate") ? "Content-Encoding: deflate\r\n" : "")
        + "Content-Length: %d\r\n\r\n".formatted(length);
  }

  private Socket connect() throws IOException {
    var socket = new Socket(tracker.address().getAddress(), tracker.address().getPort());
    sockets.add(socket);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static void send(Socket socket, String header, byte[] body) throws IOException {
    send(socket, header);
    socket.getOutputStream().write(body);
  }

  /** The beginning of it. */
  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), US_ASCII);
  }
}
