package dev.corvid.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.http.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes and Prometheus are answered whatever else connects to the same port. */
class HostileClientsTest {
  /** Far above what is needed, far below what a client waits that nobody answers. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration LONG = Duration.ofMinutes(5);

  private final List<Socket> sockets = new ArrayList<>();
  private Telemetry telemetry;

  @BeforeEach
  void open() throws IOException {
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var quick = Duration.ofMillis(500);
    telemetry =
        Telemetry.open(listen, Health.always(), new Timeouts(quick, PATIENCE, quick, quick));
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    telemetry.close();
  }

  @Test
  void idleConnectionsDoNotStopProbes() throws Exception {
    for (int i = 0; i < 200; i++) {
      connect();
    }

    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void halfSentBodiesDoNotStopProbes(String request) throws Exception {
    telemetry.close();
    telemetry =
        Telemetry.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Health.always(),
            new Timeouts(LONG, LONG, LONG, LONG));
    for (int host = 2; host <= 13; host++) {
      for (int i = 0; i < 20; i++) {
        try {
          connectFrom("127.0.0." + host).getOutputStream().write(request.getBytes(US_ASCII));
        } catch (IOException e) {
          // It was refused, or ended meanwhile.
        }
      }
    }

    for (int i = 0; i < 3; i++) {
      assertThat(get("/livez").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aSlowHeaderIsCutOff() throws Exception {
    var socket = connect();
    socket.setSoTimeout(100);
    var header = ("GET /livez HTTP/1.1\r\nX: " + "x".repeat(200)).getBytes(US_ASCII);
    int sent = 0;
    while (!isClosed(socket) && sent < header.length) {
      try {
        socket.getOutputStream().write(header, sent++, 1);
      } catch (IOException e) {
        break;
      }
    }

    assertThat(sent).as("bytes, sent one by one").isLessThan(header.length);
    assertThat(refused("header")).isEqualTo(1);
  }

  @Test
  void anAddressThatHasItsFourConnectionsLosesTheOldestForANewOne() throws Exception {
    for (int i = 0; i < 4; i++) {
      connect();
    }

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              connect(); // for a second they count as one burst
              return refused("address") > 0;
            });
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  private double refused(String kind) {
    return telemetry
        .meters()
        .get("corvid.http.connections.refused")
        .tag("kind", kind)
        .functionCounter()
        .count();
  }

  /** Waits a moment for it. */
  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private Socket connect() throws IOException {
    return connectFrom("127.0.0.1");
  }

  private Socket connectFrom(String address) throws IOException {
    var socket = new Socket();
    sockets.add(socket);
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(telemetry.address(), (int) PATIENCE.toMillis());
    return socket;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + telemetry.address().getPort() + path);
      return client.send(
          HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
