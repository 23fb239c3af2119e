package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.fetch.SourceServer;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SeederPodTest {
  @TempDir Path scratch;
  @TempDir Path other;
  private SeederFixture pods;
  private SourceServer source;
  private TrackerStub tracker;

  @BeforeEach
  void create() throws IOException {
    pods = new SeederFixture(other);
    source = pods.source;
    tracker = pods.tracker;
  }

  @AfterEach
  void close() {
    pods.close();
  }

  @Test
  void whatTheSourceHasArrivesOnANode() throws Exception {
    source.serve(
        "/x.tar.gz",
        Archives.gzip(
            Archives.tar(
                tar ->
                    tar.directory("bin", 0755)
                        .file("bin/run", "#!/bin/sh", 0755)
                        .file("big", Archives.noise(3_000_000), 0644)
                        .link("bin/to", "../big")
                        .directory("empty", 0755)
                        .file("ä/ö", "umlauts"))));

    try (var pod = pods.open(pods.task("/x.tar.gz", null), scratch)) {
      var publication = pods.published();
      var current = receive(publication);

      assertThat(publication.isProvenBy(SeederFixture.KEY)).isTrue();
      assertThat(publication.content().fileCount()).isEqualTo(3);
      assertThat(current.resolve("bin/run")).hasContent("#!/bin/sh").isExecutable();
      assertThat(current.resolve("bin/to")).isSymbolicLink();
      assertThat(current.resolve("bin/to")).hasBinaryContent(Archives.noise(3_000_000));
      assertThat(current.resolve("empty")).isEmptyDirectory();
      assertThat(current.resolve("ä/ö")).hasContent("umlauts");
      await().untilAsserted(() -> assertThat(tracker.last().uploadedBytes()).isPositive());
      assertThat(tracker.authorizations()).containsOnly("Bearer mine");
      assertThat(scratch.resolve("fetched")).doesNotExist();
      assertThat(status(pod, "/readyz")).isEqualTo(200);
    }
  }

  @Test
  void aRestartedContainerSeedsWithoutAskingTheSource() throws Exception {
    source.serve("/model.bin", Archives.noise(500_000));
    Publication first;
    try (var pod = pods.open(pods.task("/model.bin", null), scratch)) {
      first = pods.published();
    }
    source.status("/model.bin", 500);
    int asked = source.requests().size();
    tracker.reports().clear();

    try (var pod = pods.open(pods.task("/model.bin", null), scratch)) {
      assertThat(pods.published()).isEqualTo(first);
      assertThat(source.requests()).hasSize(asked);
      assertThat(receive(first).resolve("model.bin")).hasBinaryContent(Archives.noise(500_000));
    }
  }

  @Test
  void aReplacementMakesTheSameRevisionOfTheSameBytes() throws Exception {
    source.serve("/x.tar", Archives.noisyTar(2_000_000));
    Publication first;
    try (var pod = pods.open(pods.task("/x.tar", null), scratch)) {
      first = pods.published();
    }
    tracker.reports().clear();
    var pinned = new SeederTask.Pinned(first.sourceDigest(), first.content());

    try (var pod = pods.open(pods.task("/x.tar", pinned), other.resolve("scratch"))) {
      assertThat(pods.published().content()).isEqualTo(first.content());
    }
  }

  @Test
  void goesOnTryingAndSaysWhatIsWrongMeanwhile() throws Exception {
    try (var pod = pods.open(pods.task("/x.tar", null), scratch)) {
      pods.awaitReport(SeederReport.State.FAILED);
      assertThat(tracker.last().reason()).isEqualTo(Reason.SourceUnreachable);
      assertThat(tracker.last().message()).contains("/x.tar answers 404");
      assertThat(status(pod, "/readyz")).isEqualTo(503);
      assertThat(status(pod, "/livez")).isEqualTo(200);

      source.serve("/x.tar", Archives.tar(tar -> tar.file("a", "hello")));

      assertThat(pods.published().content().sizeBytes()).isEqualTo(5);
    }
  }

  @Test
  void namesTheUrlThatHangsBeforeItGivesUp() throws Exception {
    var asked = new CountDownLatch(1);
    source.answer("/x.tar", exchange -> awaitEnd(asked));

    try (var pod = pods.open(pods.task("/x.tar", null), scratch, SourceTimeouts.DEFAULT)) {
      await().until(() -> tracker.last() != null && tracker.last().message() != null);

      assertThat(tracker.last().state()).isEqualTo(SeederReport.State.FETCHING);
      assertThat(tracker.last().message())
          .startsWith("waiting for the first byte of " + source.url("/x.tar") + " since 2");
    } finally {
      asked.countDown();
    }
  }

  private static void awaitEnd(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void tellsATrackerThatDoesNotKnowItYetAgain() throws Exception {
    tracker.refuse(2, 503);
    source.serve("/model.bin", Archives.noise(1000));

    try (var pod = pods.open(pods.task("/model.bin", null), scratch)) {
      assertThat(pods.published().isProvenBy(SeederFixture.KEY)).isTrue();
      assertThat(tracker.authorizations()).hasSizeGreaterThan(2);
    }
  }

  @Test
  void showsItsFigures() throws Exception {
    source.serve("/model.bin", Archives.noise(1000));

    try (var pod = pods.open(pods.task("/model.bin", null), scratch)) {
      pods.published();

      assertThat(get(pod, "/metrics").body())
          .contains("corvid_seeder_origin_bytes_total 1000.0")
          .contains("corvid_seeder_seeding 1.0")
          .containsPattern("corvid_seeder_published_timestamp_seconds \\d\\.\\d+E9");
    }
  }

  /** As a node does: metainfo from the seeder, every byte verified, activated. */
  private Path receive(Publication publication) throws Exception {
    var seeder = new InetSocketAddress("127.0.0.1", tracker.last().port());
    var directory = Files.createDirectories(other.resolve("root"));
    var config =
        new Roots.Root("models", "/x", List.of(), "0", null, "10m", null, null, null, null);
    var name = new ReleaseName("search", "model");
    var content = publication.content();
    try (var root = Root.open(config, directory, StoreOptions.ofThisMachine());
        var swarm =
            Swarm.open(
                SwarmOptions.listeningOn(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)))) {
      var release = root.release(name);
      release.obey(
          new SignedGrant("grant", "key", "signature"),
          new Grant(
              "uid-1",
              name,
              null,
              "models",
              1,
              0,
              1,
              Grant.Action.ACTIVATE,
              content,
              SeederFixture.swarmOf(content).hex(),
              List.of(),
              DeletionPolicy.DELETE,
              List.of("node")));
      var infoHash = InfoHash.ofHex(content.infoHash());
      var id = SeederFixture.swarmOf(content);
      var metainfo =
          swarm
              .fetchMetainfo(id, infoHash, List.of(seeder), MetainfoKeeper.IN_MEMORY)
              .get(60, TimeUnit.SECONDS);
      var completed = new CompletableFuture<Void>();
      try (var download = release.download(content, metainfo);
          var torrent =
              swarm.add(id, metainfo, download, TorrentOptions.defaults(), completing(completed))) {
        torrent.addNeighbours(List.of(seeder));
        completed.get(60, TimeUnit.SECONDS);
        release.activate(download.finish());
      }
    }
    return directory.resolve("search/model/current").toRealPath();
  }

  private static TorrentListener completing(CompletableFuture<Void> completed) {
    return new TorrentListener() {
      @Override
      public void completed() {
        completed.complete(null);
      }

      @Override
      public void storageFailed(IOException cause) {
        completed.completeExceptionally(cause);
      }
    };
  }

  private static int status(SeederPod pod, String path) throws Exception {
    return get(pod, path).statusCode();
  }

  private static HttpResponse<String> get(SeederPod pod, String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + pod.telemetryAddress().getPort() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
