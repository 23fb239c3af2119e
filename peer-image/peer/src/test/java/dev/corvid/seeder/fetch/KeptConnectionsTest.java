package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What stands behind an answer on a connection that is kept is not the answer to the next request:
 * servers and proxies that miscount are not believed, even if what they send looks like one.
 */
class KeptConnectionsTest {
  private static final String FORGED =
      "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 5\r\n\r\nWRONG";
  private static final String RIGHT =
      "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 5\r\n\r\nRIGHT";

  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private ServerSocket server;
  private volatile String first;
  @TempDir Path scratch;

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "302 Found\r\nLocation: /b.bin\r\nContent-Length: 0\r\n\r\n",
        "302 Found\r\nLocation: /b.bin\r\nContent-Length: 2\r\n\r\nok",
        "302 Found\r\nLocation: /b.bin\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "302 Found\r\nLocation: /b.bin\r\n\r\n",
        "404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        "204 No Content\r\n\r\n",
        "204 No Content\r\nContent-Length: 3\r\n\r\nyes",
        "304 Not Modified\r\n\r\n",
        "200 OK\r\nETag: \"two\"\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nWRONG",
        "200 OK\r\nContent-Length: 0\r\n\r\n",
        "200 OK\r\nContent-Length: 9\r\nContent-Length: 5\r\n\r\nWRONG",
        "103 Early Hints\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /b.bin\r\nContent-Length: 0\r\n\r\n",
      })
  void whatFollowsAnAnswerIsNotTheNextOne(String answer) throws Exception {
    first = answer;
    var fixture = new FetchFixture(scratch, url("/a.bin"), url("/b.bin"));

    fetch(fixture);

    assertThat(scratch.resolve("tree/a.bin")).as("%s", asked).hasContent("RIGHT");
  }

  /** What was garbage behind one answer may fail the next request, which is then repeated. */
  private static void fetch(FetchFixture fixture) throws Exception {
    var fetch = fixture.reusable();
    for (int attempt = 0; attempt < 3; attempt++) {
      try {
        fetch.run(new ScratchBudget(0));
        return;
      } catch (SourceException e) {
        // Once more.
      }
    }
    fetch.run(new ScratchBudget(0));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + path;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void answer(Socket socket) {
    var request = new byte[8192];
    try {
      for (int length; (length = socket.getInputStream().read(request)) > 0; ) {
        var head = new String(request, 0, length, StandardCharsets.ISO_8859_1);
        asked.add(head.lines().findFirst().orElse(""));
        var answer = head.startsWith("GET /b.bin") ? RIGHT : "HTTP/1.1 " + first + FORGED;
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // The client left.
    }
  }
}
