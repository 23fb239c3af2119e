package dev.corvid.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each request names how many bytes of the body are sent before the connection ends. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodyStreamTest {
  private static final int SIZE = 400_000;
  private static final int TIMES = Integer.getInteger("corvid.cuts", 150);
  private static final byte[] BODY = new byte[SIZE];

  static {
    new Random(1).nextBytes(BODY);
  }

  private final CountDownLatch over = new CountDownLatch(1);
  private final CompletableFuture<Void> clientLeft = new CompletableFuture<>();
  private ServerSocket server;
  private HttpClient client;

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
    client = Clients.builder(Duration.ofSeconds(30)).build();
  }

  @AfterEach
  void close() throws IOException {
    over.countDown();
    client.shutdownNow();
    server.close();
  }

  @Test
  void givesAllThatWasSentBeforeTheConnectionEnded() throws Exception {
    var random = new Random(7);
    var fewer = new ArrayList<String>();
    var running = new AtomicBoolean(true);
    var load =
        IntStream.range(0, 2 * Runtime.getRuntime().availableProcessors())
            .mapToObj(i -> Thread.ofPlatform().daemon().start(() -> spin(running)))
            .toList();
    try {
      for (int time = 0; time < TIMES; time++) {
        int sent = random.nextInt(SIZE);
        var framing = random.nextBoolean() ? "length" : "chunked";
        var read = new ByteArrayOutputStream();
        assertThatThrownBy(() -> copy(body("/" + framing + "/" + sent), read))
            .isInstanceOf(IOException.class);
        if (read.size() < sent) {
          fewer.add("%d of %d (%s)".formatted(read.size(), sent, framing));
        }
        assertThat(read.toByteArray()).isEqualTo(Arrays.copyOf(BODY, read.size()));
      }
    } finally {
      running.set(false);
      for (var thread : load) {
        thread.join();
      }
    }
    assertThat(fewer).isEmpty();
  }

  @Test
  void saysThatTheConnectionWasClosed() throws Exception {
    var body = body("/length/1000");

    assertThatThrownBy(body::readAllBytes).hasMessage("the connection was closed");
    assertThatThrownBy(body::read).hasMessage("the connection was closed");
  }

  @Test
  void endsWhereTheBodyEnds() throws Exception {
    for (var framing : List.of("length", "whole-chunked")) {
      try (var body = body("/" + framing + "/" + SIZE)) {
        assertThat(body.readAllBytes()).isEqualTo(BODY);
        assertThat(body.read()).isNegative();
      }
    }
  }

  @Test
  void closingEndsAReadThatWaitsAndTheConnection() throws Exception {
    var body = body("/silent/1000");
    body.readNBytes(1000);
    var failure = new CompletableFuture<Throwable>();
    var reader = Thread.ofVirtual().start(() -> failure.complete(failureOf(body)));

    body.close();

    assertThat(failure.get()).isInstanceOf(IOException.class).hasMessage("closed");
    clientLeft.get();
    reader.join();
  }

  @Test
  void anInterruptEndsAReadThatWaits() throws Exception {
    var body = body("/silent/1000");
    body.readNBytes(1000);
    var interrupted = new CompletableFuture<Boolean>();
    var reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  failureOf(body);
                  interrupted.complete(Thread.currentThread().isInterrupted());
                });

    reader.interrupt();

    assertThat(interrupted.get()).isTrue();
    clientLeft.get();
  }

  private InputStream body(String path) throws Exception {
    var url = URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    return client.send(HttpRequest.newBuilder(url).build(), BodyStream.handler()).body();
  }

  private static void copy(InputStream body, ByteArrayOutputStream read) throws IOException {
    try (body) {
      body.transferTo(read);
    }
  }

  private static Throwable failureOf(InputStream body) {
    try {
      throw new AssertionError("read " + body.read());
    } catch (IOException e) {
      return e;
    }
  }

  private static void spin(AtomicBoolean running) {
    while (running.get()) {
      Thread.onSpinWait();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      var request = new byte[8192];
      int length = socket.getInputStream().read(request);
      var path = new String(request, 0, length, StandardCharsets.ISO_8859_1).split(" ")[1];
      var words = path.split("/");
      boolean chunked = words[1].endsWith("chunked");
      int sent = Integer.parseInt(words[2]);
      var out = socket.getOutputStream();
      out.write(
          ("HTTP/1.1 200 OK\r\n"
                  + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + SIZE)
                  + "\r\n\r\n"
                  + (chunked ? "%x\r\n".formatted(SIZE) : ""))
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(BODY, 0, sent);
      if (words[1].equals("whole-chunked")) {
        out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      }
      if (words[1].equals("silent")) {
        out.flush();
        if (socket.getInputStream().read() < 0) {
          clientLeft.complete(null);
        }
        over.await();
      }
    } catch (IOException e) {
      clientLeft.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
