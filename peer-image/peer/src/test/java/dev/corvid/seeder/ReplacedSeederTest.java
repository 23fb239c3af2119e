package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.seeder.fetch.ResponsesTest;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A seeder of a single file whose predecessor published it, and is gone. */
@Tag("slow")
class ReplacedSeederTest {
  private static final String PATH = "/model.bin";
  private static final int PIECE = 256 << 10;
  private static final byte[] CONTENT = Archives.noise(16 * PIECE);

  /** Of seventeen: the manifest's, and eight of the file. */
  private static final int HELD = 9;

  @TempDir Path directory;
  private SeederFixture pods;
  private SwarmNode node;
  private Publication first;

  /** What the node has got from the first seeder before it died. */
  @BeforeEach
  void startWithHalf() throws Exception {
    pods = new SeederFixture(directory);
    pods.source.serve(PATH, CONTENT);
    try (var pod = pods.open(pods.task(PATH, null), directory.resolve("first"))) {
      first = pods.published();
      node = new SwarmNode(directory.resolve("node"), first, seeder());
      node.join(TorrentOptions.defaults().withOnlyFirst(HELD), seeder());
      node.awaitPieces(HELD);
    }
    node.join(TorrentOptions.defaults(), List.of());
    pods.tracker.nodes().add("127.0.0.1:" + node.swarm.address().getPort());
    pods.tracker.reports().clear();
    pods.source.requests().clear();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    pods.close();
  }

  @Test
  void servesByRangeBeforeItHasAll() throws Exception {
    try (var pod = replacement()) {
      assertThat(pods.published().content()).isEqualTo(first.content());
      assertThat(pods.tracker.last().publication().originBytes()).isZero();
      assertThat(pods.tracker.last().publication().isProvenBy(SeederFixture.KEY)).isTrue();

      node.awaitPieces(17);
      awaitWhole();

      assertThat(node.file("model.bin")).hasBinaryContent(CONTENT);
      assertThat(directory.resolve("second/tree/model.bin")).hasBinaryContent(CONTENT);
      assertThat(directory.resolve("second/pieces")).doesNotExist();
      assertThat(pods.source.ranges()).allMatch(range -> range.matches("bytes=\\d+-\\d+"));
      awaitReport(report -> report.originBytes() >= 8L * PIECE);
    }
  }

  /** Where only peers may connect to peers, nodes that are told of the seeder connect to it. */
  @Test
  void asksTheNodesThatConnectToIt() throws Exception {
    try (var closed = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      pods.tracker.nodes().clear();
      pods.tracker.nodes().add("127.0.0.1:" + closed.getLocalPort());
    }
    try (var pod = replacement()) {
      await().until(() -> pods.tracker.last() != null);
      node.torrent.addNeighbours(seeder());

      assertThat(pods.published().content()).isEqualTo(first.content());
      assertThat(pods.tracker.last().publication().originBytes()).isZero();
      node.awaitPieces(17);
      awaitWhole();

      assertThat(pods.source.ranges()).allMatch(range -> range.matches("bytes=\\d+-\\d+"));
      assertThat(pods.tracker.last().originBytes()).isLessThan(16L * PIECE);
    }
  }

  @Test
  void servesWhatItHasWhileTheSourceIsAway() throws Exception {
    pods.source.status(PATH, 503);
    try (var pod = replacement()) {
      pods.awaitReport(SeederReport.State.FAILED);
      assertThat(pods.tracker.last().reason()).isEqualTo(Reason.SourceUnreachable);
      assertThat(pods.tracker.last().message()).contains("answers 503");
      var newcomer = new SwarmNode(directory.resolve("newcomer"), first, List.of(node.address()));
      try (newcomer) {
        newcomer.join(TorrentOptions.defaults().withOnlyFirst(HELD), seeder());
        newcomer.awaitPieces(HELD);
      }

      pods.source.heal(PATH);
      node.torrent.addNeighbours(seeder()); // as a tracker would tell it

      node.awaitPieces(17);
      assertThat(pods.published().content()).isEqualTo(first.content());
    }
  }

  @Test
  void aRestartedContainerGoesOnWithThePiecesItHas() throws Exception {
    pods.source.status(PATH, 503);
    try (var pod = replacement()) {
      pods.awaitReport(SeederReport.State.FAILED);
      await().until(() -> node.torrent.stats().uploaded() >= 8L * PIECE);
    }
    pods.tracker.reports().clear();
    pods.source.heal(PATH);

    try (var pod = replacement()) {
      node.awaitPieces(17);
      awaitWhole();
      assertThat(node.torrent.stats().uploaded()).isLessThanOrEqualTo((HELD + 1L) * PIECE);
    }
    int asked = pods.source.requests().size();
    pods.tracker.reports().clear();

    try (var pod = replacement()) {
      pods.published();
      assertThat(pods.source.requests()).hasSize(asked);
    }
  }

  @Test
  void sendsTheCredentialsWithEveryRange() throws Exception {
    pods.secret = Files.createDirectories(directory.resolve("secret"));
    Files.writeString(pods.secret.resolve("token"), "open sesame");
    Files.writeString(pods.secret.resolve("hosts"), pods.source.url(""));
    try (var pod = replacement()) {
      awaitWhole();

      assertThat(pods.source.requests())
          .isNotEmpty()
          .allMatch(request -> "Bearer open sesame".equals(request.authorization()));
    }
  }

  @Test
  void asksNoAddressThatSourcesMayNotUse() throws Exception {
    pods.source.redirect(PATH, "http://169.254.169.254/model.bin");
    try (var pod = replacement()) {
      awaitReport(report -> report.reason() == Reason.SourceUnreachable);
      assertThat(pods.tracker.last().message()).contains("a link-local address");
    }
  }

  @Test
  void fetchesTheWholeFromASourceWithoutRanges() throws Exception {
    pods.source.withoutRanges();
    try (var pod = replacement()) {
      awaitWhole();

      assertThat(pods.source.ranges()).endsWith("null");
      assertThat(directory.resolve("second/tree/model.bin")).hasBinaryContent(CONTENT);
      node.torrent.addNeighbours(seeder());
      node.awaitPieces(17);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {206, 416})
  void fetchesTheWholeWhereRangesAreNoneOrDoNotSayTheTotal(int status) throws Exception {
    pods.source.answer(
        PATH,
        exchange -> {
          if (!ResponsesTest.isRanged(exchange)) {
            ResponsesTest.whole(exchange, CONTENT, "\"one\"", CONTENT.length);
          } else if (status == 416) {
            exchange.sendResponseHeaders(416, -1);
          } else {
            int from = ResponsesTest.from(exchange);
            ResponsesTest.part(
                exchange, CONTENT, null, "bytes " + from + "-" + (CONTENT.length - 1) + "/*");
          }
        });
    try (var pod = replacement()) {
      awaitWhole();

      assertThat(directory.resolve("second/tree/model.bin")).hasBinaryContent(CONTENT);
    }
  }

  @Test
  void fetchesTheWholeWhenNoNodeIsKnown() throws Exception {
    pods.tracker.nodes().clear();
    try (var pod = replacement()) {
      assertThat(pods.published().content()).isEqualTo(first.content());
      assertThat(pods.source.ranges()).containsExactly("null");
    }
  }

  @Test
  void saysThatTheSourceHasOtherBytesNow() throws Exception {
    var changed = CONTENT.clone();
    for (int at = 0; at < changed.length; at += PIECE) {
      changed[at] ^= 1;
    }
    pods.source.serve(PATH, changed);
    try (var pod = replacement()) {
      awaitReport(report -> report.reason() == Reason.SourceChanged);
      assertThat(node.file("model.bin")).isRegularFile();
      assertThat(node.torrent.stats().verifiedPieces()).isEqualTo(HELD);
    }
  }

  private SeederPod replacement() throws IOException {
    var pinned = new SeederTask.Pinned(first.sourceDigest(), first.content());
    return pods.open(pods.task(PATH, pinned), directory.resolve("second"));
  }

  private void awaitWhole() {
    await().until(() -> Files.exists(directory.resolve("second/revision.json")));
    pods.published();
  }

  private void awaitReport(Predicate<SeederReport> wanted) {
    await().until(() -> pods.tracker.last() != null && wanted.test(pods.tracker.last()));
  }

  private List<InetSocketAddress> seeder() {
    return List.of(new InetSocketAddress("127.0.0.1", pods.tracker.last().port()));
  }
}
