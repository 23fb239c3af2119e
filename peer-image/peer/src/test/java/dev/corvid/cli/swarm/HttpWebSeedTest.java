package dev.corvid.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpWebSeedTest {
  private static final byte[] CONTENT = "0123456789".getBytes();

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 206;
  private volatile int shift;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(exchange.getRequestURI().getRawPath());
      var range = exchange.getRequestHeaders().getFirst("Range").substring(6).split("-");
      var from = Integer.parseInt(range[0]) + shift;
      var last = Integer.parseInt(range[1]) + shift;
      var bytes = status == 206 ? Arrays.copyOfRange(CONTENT, from, last + 1) : CONTENT;
      if (status == 206) {
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + last + "/10");
      }
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Test
  void asksForARange() throws Exception {
    assertThat(read(single(), "/x.bin", 2, 3)).isEqualTo("234");
    assertThat(asked).containsExactly("/x.bin");
  }

  @Test
  void aSingleFileIsAtTheUrlItselfOrBelowItAndTheOthersAreBelowTheTorrentsName() throws Exception {
    read(single(), "/", 0, 1);
    var several = new InfoBuilder("top dir", 16 << 10);
    several.file("a/first file", 10, false);
    read(several.build(new byte[20]), "/below", 0, 1);
    read(several.build(new byte[20]), "/below/", 0, 1);

    assertThat(asked)
        .containsExactly(
            "/sample", "/below/top%20dir/a/first%20file", "/below/top%20dir/a/first%20file");
  }

  @Test
  void takesNoAnswerButTheRangeOrTheWholeFile() throws Exception {
    shift = 1;
    assertThatThrownBy(() -> read(single(), "/x.bin", 2, 3))
        .hasMessageContaining("'bytes 3-5/10' when asked for bytes 2-4");
    status = 200;
    assertThatThrownBy(() -> read(single(), "/x.bin", 2, 3)).hasMessageContaining("status 200");
    assertThat(read(single(), "/x.bin", 0, 10)).isEqualTo("0123456789");
    status = 404;
    assertThatThrownBy(() -> read(single(), "/x.bin", 0, 10)).hasMessageContaining("status 404");
  }

  private static Metainfo single() throws Exception {
    return new InfoBuilder("sample", 16 << 10).onlyFile(10, false).build(new byte[20]);
  }

  private String read(Metainfo metainfo, String path, int from, int length) throws Exception {
    var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    try (var body = HttpWebSeed.of(metainfo, base).open(0, from, length)) {
      return new String(body.readAllBytes());
    }
  }
}
