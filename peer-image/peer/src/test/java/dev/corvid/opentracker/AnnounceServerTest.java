package dev.corvid.opentracker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A tracker for anybody, over real sockets. */
class AnnounceServerTest {
  @Test
  void aRequestWithABodyIsAnsweredWithoutIt() throws IOException {
    try (var server =
            AnnounceServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var client = new Socket(server.address().getAddress(), server.address().getPort())) {
      client.setSoTimeout(30_000); // a body may take 60 s
      client
          .getOutputStream()
          .write(
              "POST /announce HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                  .getBytes(US_ASCII));

      var answer = new String(client.getInputStream().readAllBytes(), US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 404 ").contains("Connection: close");
    }
  }
}
