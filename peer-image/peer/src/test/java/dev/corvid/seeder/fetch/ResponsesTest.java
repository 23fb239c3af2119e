package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources whose answers are not those of a textbook: the right bytes of one version, or none. */
public class ResponsesTest {
  private static final int SIZE = 200_000;
  private static final int HALF = SIZE / 2;
  private static final byte[] OLD = Archives.noise(SIZE);
  private static final byte[] NEW = reversed(OLD);
  private static final String PATH = "/weights.bin";

  private final SourceServer server = new SourceServer();
  private final AtomicInteger times = new AtomicInteger();
  @TempDir Path scratch;

  @AfterEach
  public void close() {
    server.close();
  }

  @Test
  void aPartOfAnotherVersionIsNeverJoined() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else if (isRanged(exchange)) {
            part(exchange, NEW, "\"two\"", range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, NEW, "\"two\"", SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  @Test
  void aPartWithoutTheValidatorThatWasAskedForIsNotJoined() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else if (isRanged(exchange)) {
            part(exchange, NEW, null, range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, NEW, null, SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  /** RFC 9110, 8.8.2.2: within the second of the answer it may have changed again. */
  @Test
  void aDateOfThisVerySecondIsNoValidator() throws Exception {
    var now =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC));
    server.answer(
        PATH,
        exchange -> {
          exchange.getResponseHeaders().set("Last-Modified", now);
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, null, HALF);
          } else if (isRanged(exchange)) {
            part(exchange, NEW, null, range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, NEW, null, SIZE);
          }
        });

    var fixture = fixture();
    refused(
        fixture,
        Reason.SourceUnreachable,
        "sends neither a strong ETag nor a usable Last-Modified");
    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  @Test
  void aDateOfLastYearIsAValidator() throws Exception {
    server
        .serve(PATH, OLD)
        .answer(
            PATH,
            exchange -> {
              exchange.getResponseHeaders().set("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
              if (isRanged(exchange)) {
                part(exchange, OLD, null, range(from(exchange), SIZE, SIZE));
              } else {
                whole(exchange, OLD, null, HALF);
              }
            });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  /** A name such as "latest" that moves on while a transfer is broken off. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatARedirectLeadsToLaterIsAnotherVersion(boolean dated) throws Exception {
    server.answer(
        PATH,
        exchange -> {
          var now = times.getAndIncrement() == 0 ? "/v1" : "/v2";
          exchange.getResponseHeaders().set("Location", now + PATH);
          exchange.sendResponseHeaders(302, -1);
        });
    server.answer("/v1" + PATH, exchange -> release(exchange, OLD, dated, HALF));
    server.answer("/v2" + PATH, exchange -> release(exchange, NEW, dated, SIZE));

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  /** The same validators in each version, as of builds that set each file's time to one. */
  private static void release(HttpExchange exchange, byte[] content, boolean dated, int sent)
      throws IOException {
    if (dated) {
      exchange.getResponseHeaders().set("Last-Modified", "Tue, 01 Jan 1980 00:00:02 GMT");
    }
    var tag = dated ? null : "\"1\"";
    if (isRanged(exchange)) {
      part(exchange, content, tag, range(from(exchange), SIZE, SIZE));
    } else {
      whole(exchange, content, tag, sent);
    }
  }

  @Test
  void aPartWithTwoRangesIsNeither() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else if (isRanged(exchange)) {
            exchange.getResponseHeaders().add("Content-Range", range(HALF, SIZE, SIZE));
            exchange.getResponseHeaders().add("Content-Range", range(0, HALF, SIZE));
            tag(exchange, "\"one\"");
            exchange.sendResponseHeaders(206, HALF);
            exchange.getResponseBody().write(OLD, 0, HALF);
          } else {
            whole(exchange, OLD, "\"one\"", SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  @Test
  void twoDatesAreNoValidator() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          exchange.getResponseHeaders().add("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, null, HALF);
          } else if (isRanged(exchange)) {
            exchange.getResponseHeaders().add("Last-Modified", "Thu, 22 Oct 2015 07:28:00 GMT");
            part(exchange, NEW, null, range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, NEW, "\"two\"", SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  @Test
  void aSliceUnderStatus200IsReadAsTheSliceThatItIs() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else if (isRanged(exchange)) {
            slice(exchange, 200, OLD, "\"one\"", range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, OLD, "\"one\"", SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  @Test
  void aSliceThatWasNotAskedForIsNotTheWhole() {
    server.answer(PATH, exchange -> slice(exchange, 200, OLD, "\"one\"", range(HALF, SIZE, SIZE)));

    refused(fixture(), Reason.SourceUnreachable, PATH, "although the whole was asked for");
  }

  @Test
  void anEncodedAnswerIsRefusedByTheHeadersName() {
    for (var path : new String[] {"/config.json", "/content.tar", "/weights.bin.gz.json"}) {
      server.answer(
          path,
          exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            whole(exchange, OLD, "\"one\"", SIZE);
          });

      refused(
          new FetchFixture(scratch, server.url(path)),
          Reason.SourceUnreachable,
          path,
          "Content-Encoding: gzip");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-gzip /x.tar.gz",
        "gzip /x.gz",
        "gzip /x.tgz",
        "gzip /x.taz",
        "zstd /x.zst",
        "zstd /x.tzst",
        "xz /x.txz",
        "bzip2 /x.tbz2",
        "bzip2 /x.tbz",
        "bzip2 /x.tb2",
        "identity /x.bin"
      })
  void aLabelThatRepeatsTheSuffixIsNoEncoding(String labelAndPath) throws Exception {
    var words = labelAndPath.split(" ");
    byte[] tar = Archives.tar(file -> file.file("a", "hello"));
    byte[] content =
        switch (words[1]) {
          case "/x.tar.gz", "/x.tgz", "/x.taz" -> Archives.gzip(tar);
          case "/x.tzst" -> Archives.zstd(tar);
          case "/x.txz" -> Archives.xz(tar, 1 << 12);
          case "/x.tbz2", "/x.tbz", "/x.tb2" -> Archives.bzip2(tar);
          default -> OLD;
        };
    server.answer(
        words[1],
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", words[0]);
          whole(exchange, content, "\"one\"", content.length);
        });

    var fetched = new FetchFixture(scratch, server.url(words[1])).fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(digestOf(content));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK\r\nContent-Length: 5\r\nContent-Length: 3",
        "200 OK\r\nContent-Length: 5, 3",
        "200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "200 OK\r\nTransfer-Encoding: gzip, chunked",
        "200 OK\r\nContent-Length: 5\r\nContent-Range: bytes 0-9/10",
        "200 OK\r\nContent-Length: 5\r\nContent-Range: bytes 0-4/10",
        "200 OK\r\nContent-Length: 5\r\nContent-Range: nonsense",
        "206 Partial Content\r\nContent-Length: 5\r\nContent-Range: bytes 0-4/5",
      })
  void contradictoryFramingIsRefused(String head) throws Exception {
    var body = head.contains("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : "hello";
    try (var raw = new RawServer("HTTP/1.1 " + head + "\r\n\r\n" + body)) {
      refused(new FetchFixture(scratch, raw.url("/x.bin")), Reason.SourceUnreachable, "/x.bin");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPartThatIsAnsweredWith416IsForgotten(boolean pinned) throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else if (isRanged(exchange)) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + SIZE);
            exchange.sendResponseHeaders(416, -1);
          } else {
            whole(exchange, OLD, "\"one\"", SIZE);
          }
        });
    var fixture = fixture();
    fixture.digest = pinned ? digestOf(OLD) : null;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void continuesWhereARangeDoesNotSayTheTotal(boolean pinned) throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (isRanged(exchange)) {
            part(exchange, OLD, "\"one\"", "bytes " + from(exchange) + "-" + (SIZE - 1) + "/*");
          } else {
            whole(exchange, OLD, "\"one\"", HALF);
          }
        });
    var fixture = fixture();
    fixture.digest = pinned ? digestOf(OLD) : null;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  @Test
  void readsOverWhatARangeBringsTwice() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (isRanged(exchange)) {
            part(exchange, OLD, "\"one\"", range(from(exchange) & ~4095, SIZE, SIZE));
          } else {
            whole(exchange, OLD, "\"one\"", HALF);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  @Test
  void asksForTheWholeWhereRangesBeginTooLate() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (isRanged(exchange)) {
            part(exchange, OLD, "\"one\"", range(from(exchange) + 1, SIZE, SIZE));
          } else {
            whole(exchange, OLD, "\"one\"", times.getAndIncrement() == 0 ? HALF : SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(OLD));
  }

  @Test
  void continuesWhatBeganWithoutALength() throws Exception {
    var content = new String(OLD, StandardCharsets.ISO_8859_1);
    var range = Pattern.compile("(?i)Range: bytes=(\\d+)-");
    try (var raw =
        new RawServer(
            request -> {
              var asked = range.matcher(request);
              if (!asked.find()) {
                return "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "186a0\r\n"
                    + content.substring(0, HALF)
                    + "\r\n";
              }
              int from = Integer.parseInt(asked.group(1));
              return "HTTP/1.1 206 Partial Content\r\nETag: \"one\"\r\nContent-Range: "
                  + range(from, SIZE, SIZE)
                  + "\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n".formatted(SIZE - from)
                  + content.substring(from)
                  + "\r\n0\r\n\r\n";
            })) {
      var fixture = new FetchFixture(scratch, raw.url(PATH));

      assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(OLD));
      assertThat(fixture.progress.total()).isEqualTo(SIZE);
    }
  }

  @Test
  void aWholeOfAnotherVersionReplacesThePart() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else {
            whole(exchange, NEW, "\"two\"", SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  /** Two servers behind one name: each calls the same bytes by a tag of its own. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serversThatDisagreeAboutTheTagAreNoObstacle(boolean pinned) throws Exception {
    server.answer(
        PATH,
        exchange -> {
          int request = times.getAndIncrement();
          var tag = request % 2 == 0 ? "\"even\"" : "\"odd\"";
          if (isRanged(exchange)) {
            part(exchange, OLD, tag, range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, OLD, tag, request == 0 ? HALF : SIZE);
          }
        });
    var fixture = fixture();
    fixture.digest = pinned ? digestOf(OLD) : null;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(OLD));
    // Without a pin it is the whole of the first server again, of which half is read over.
    assertThat(fixture.progress.bytes()).isEqualTo(pinned ? SIZE : HALF + SIZE);
  }

  @Test
  void whenJoinedBytesDoNotMatchTheDigestOneUrlIsTakenWhole() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (times.getAndIncrement() == 0) {
            whole(exchange, OLD, "\"one\"", HALF);
          } else if (isRanged(exchange)) {
            part(exchange, NEW, "\"two\"", range(from(exchange), SIZE, SIZE));
          } else {
            whole(exchange, NEW, "\"two\"", SIZE);
          }
        });
    var fixture = fixture();
    fixture.digest = digestOf(NEW);

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(NEW));
  }

  @Test
  void aSourceThatBreaksOffForGoodIsReportedOnce() {
    server.answer(PATH, exchange -> whole(exchange, OLD, null, HALF));

    assertThatThrownBy(fixture()::fetch)
        .hasMessageContaining("broke off after 100,000 of 200,000 bytes")
        .satisfies(
            e -> assertThat(e.getMessage().split("sends neither a strong ETag", -1)).hasSize(2));
  }

  private FetchFixture fixture() {
    return new FetchFixture(scratch, server.url(PATH));
  }

  public static boolean isRanged(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Range") != null;
  }

  public static int from(HttpExchange exchange) {
    return Integer.parseInt(
        exchange.getRequestHeaders().getFirst("Range").replaceAll("bytes=(\\d+)-\\d*", "$1"));
  }

  public static String range(int from, int end, int total) {
    return "bytes " + from + "-" + (end - 1) + "/" + total;
  }

  public static void whole(HttpExchange exchange, byte[] content, String tag, int sent)
      throws IOException {
    tag(exchange, tag);
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content, 0, sent);
  }

  public static void part(HttpExchange exchange, byte[] content, String tag, String range)
      throws IOException {
    slice(exchange, 206, content, tag, range);
  }

  /** The range that is asked for. */
  static void part(HttpExchange exchange, byte[] content, String tag) throws IOException {
    part(exchange, content, tag, range(from(exchange), end(exchange, content), content.length));
  }

  /** Where the range that is asked for ends. */
  static int end(HttpExchange exchange, byte[] content) {
    var last = exchange.getRequestHeaders().getFirst("Range").replaceAll(".*-", "");
    return last.isEmpty() ? content.length : Math.min(Integer.parseInt(last) + 1, content.length);
  }

  private static void slice(
      HttpExchange exchange, int status, byte[] content, String tag, String range)
      throws IOException {
    var numbers = range.replaceAll("bytes (\\d+)-(\\d+)/.*", "$1 $2").split(" ");
    int from = Integer.parseInt(numbers[0]);
    int length = Integer.parseInt(numbers[1]) + 1 - from;
    tag(exchange, tag);
    exchange.getResponseHeaders().set("Content-Range", range);
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(content, from, length);
  }

  private static void tag(HttpExchange exchange, String tag) {
    if (tag != null) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
  }

  public static String digestOf(byte[] bytes) {
    return "sha256:" + HexFormat.of().formatHex(Sha256.digest().digest(bytes));
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static void refused(FetchFixture fixture, Reason reason, String... parts) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(reason, SourceException::reason);
  }
}
