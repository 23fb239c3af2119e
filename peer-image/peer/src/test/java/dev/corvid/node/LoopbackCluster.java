package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.tracker.ClusterTracker;
import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.node.NodeReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real tracker, a real seeding swarm and real peers on loopback; only the operator is played. */
public final class LoopbackCluster implements AutoCloseable {
  static final ReleaseName NAME = new ReleaseName("search", "ranking");
  static final String UID = "uid-1";

  final TestCluster keys;
  final TestOperator operator;
  private final Path directory;
  private final Map<String, Peer> peers = new HashMap<>();
  private final List<Swarm> seeders = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private InetSocketAddress trackerAddress;
  Clock clock = Clock.systemUTC();
  String recheckInterval = "0s";
  boolean perRelease;
  Roots.Root.Sharing sharing = Roots.Root.Sharing.NAMESPACE;

  /** Bytes per second over all releases of each node, 0 for no ceiling. */
  long downloadCeiling;

  private ClusterTracker tracker;

  LoopbackCluster(Path directory) throws IOException {
    this.directory = directory;
    keys = new TestCluster(Files.createDirectories(directory.resolve("keys")));
    // An address of its own, so that nobody takes the port while the tracker restarts.
    trackerAddress = new InetSocketAddress(InetAddress.ofLiteral("127.77.0.1"), 0);
    startTracker();
    trackerAddress = tracker.address();
    operator = new TestOperator(keys, trackerUri());
  }

  void startTracker() throws IOException {
    tracker =
        ClusterTracker.open(
            trackerAddress, new TrustFile(keys.trustFile()), new SimpleMeterRegistry());
  }

  void stopTracker() {
    tracker.close();
  }

  public Path root(String node) {
    return directory.resolve(node).resolve("roots").resolve("models");
  }

  public Path release(String node) {
    return root(node).resolve("search/ranking");
  }

  void startPeer(String node) throws IOException {
    peers.put(node, Peer.open(options(node), clock));
  }

  /** What a peer of that node is started with; its directories are there afterwards. */
  PeerOptions options(String node) throws IOException {
    Path own = Files.createDirectories(directory.resolve(node));
    Files.createDirectories(root(node));
    Files.createDirectories(root(node).resolveSibling("closed"));
    var roots =
        new Roots(
            List.of(
                new Roots.Root(
                    "models",
                    "/models",
                    List.of(),
                    "0",
                    null,
                    "0s",
                    null,
                    null,
                    recheckInterval,
                    sharing),
                new Roots.Root(
                    "closed",
                    "/closed",
                    List.of("other"),
                    "0",
                    null,
                    "0s",
                    null,
                    null,
                    "0s",
                    null)));
    var anywhere = new Endpoint("127.0.0.1", 0);
    return new PeerOptions(
        node,
        "127.0.0.1",
        anywhere,
        trackerUri(),
        keys.tokenFile("token-" + node, keys.peerToken(node)),
        keys.trustFile(),
        Files.write(own.resolve("roots.json"), Wire.encode(roots)),
        own.resolve("roots"),
        anywhere,
        downloadCeiling,
        0,
        perRelease);
  }

  void stopPeer(String node) throws IOException {
    peers.remove(node).close();
  }

  Peer peer(String node) {
    return peers.get(node);
  }

  /**
   * Serves a content as the seeder's pod would, and says so to the tracker.
   *
   * @param uploadLimit bytes per second, 0 for no limit
   */
  Swarm seed(String uid, SampleRelease release, long uploadLimit) throws Exception {
    return seed(uid, NAME.namespace(), release, uploadLimit);
  }

  Swarm seed(String uid, String namespace, SampleRelease release, long uploadLimit)
      throws Exception {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Swarm swarm = Swarm.open(SwarmOptions.listeningOn(loopback).withLimits(0, uploadLimit));
    seeders.add(swarm);
    swarm.add(
        swarm(namespace, release),
        release.metainfo,
        release.whole(),
        TorrentOptions.defaults().withSuperSeed(true),
        new TorrentListener() {});
    operator.seederServes(uid, release, swarm.address());
    return swarm;
  }

  /** Where a content travels: in a swarm of its namespace, or of the root if that is shared. */
  SwarmId swarm(String namespace, SampleRelease release) {
    byte[] scope =
        (sharing == Roots.Root.Sharing.ROOT ? "root" : namespace).getBytes(StandardCharsets.UTF_8);
    return SwarmId.ofHex(SwarmKey.of(Arrays.copyOf(scope, 32)).swarmOf(release.content.infoHash()));
  }

  public SignedGrant grant(
      long epoch, Grant.Action action, SampleRelease release, String... nodes) {
    return grant(UID, NAME, "models", epoch, action, release, nodes);
  }

  /** A grant that lets an earlier revision stay. */
  public SignedGrant grant(
      long epoch, Grant.Action action, SampleRelease release, SampleRelease kept, String... nodes) {
    return keys.sign(
        new Grant(
            UID,
            NAME,
            null,
            "models",
            1,
            0,
            epoch,
            action,
            release.content,
            swarm(NAME.namespace(), release).hex(),
            List.of(kept.content.manifestDigest()),
            DeletionPolicy.DELETE,
            List.of(nodes)));
  }

  public SignedGrant grant(
      String uid,
      ReleaseName name,
      String root,
      long epoch,
      Grant.Action action,
      SampleRelease release,
      String... nodes) {
    return keys.sign(
        new Grant(
            uid,
            name,
            null,
            root,
            1,
            0,
            epoch,
            action,
            release == null ? null : release.content,
            release == null ? null : swarm(name.namespace(), release).hex(),
            List.of(),
            DeletionPolicy.DELETE,
            List.of(nodes)));
  }

  /** The same with limits, as after an edit of the spec. */
  SignedGrant limited(SignedGrant signed, NodeLimits limits) throws WireException {
    Grant grant = signed.unverified();
    return keys.sign(
        new Grant(
            grant.releaseUid(),
            grant.release(),
            grant.namespaceUid(),
            grant.root(),
            grant.generation() + grant.epoch(),
            grant.reign(),
            grant.epoch(),
            grant.action(),
            grant.content(),
            grant.swarm(),
            grant.keep(),
            grant.deletionPolicy(),
            grant.nodes(),
            limits));
  }

  NodeReport await(String node, NodeReport.State state) {
    return await(node, UID, report -> report.state() == state);
  }

  /** Waits until the operator hears a report like that, for two minutes at most. */
  NodeReport await(String node, String uid, Predicate<NodeReport> wanted) {
    var report = operator.last(node, uid);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (report.filter(wanted).isEmpty()) {
      assertThat(System.nanoTime() - deadline).as("%s of %s: %s", uid, node, report).isNegative();
      report = operator.hear(node, uid);
    }
    return report.get();
  }

  /** One figure of a peer's own metrics. */
  double metric(String node, String line) throws IOException, InterruptedException {
    int port = peers.get(node).http().getPort();
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    String all = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    Matcher matcher =
        Pattern.compile("^" + Pattern.quote(line) + " (.+)$", Pattern.MULTILINE).matcher(all);
    assertThat(matcher.find()).as(line + " in " + all).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  public static void assertIsThere(Path tree, SampleRelease release) throws IOException {
    for (var file : release.files.entrySet()) {
      assertThat(tree.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
  }

  private URI trackerUri() {
    return URI.create("http://" + Endpoint.of(trackerAddress));
  }

  @Override
  public void close() throws IOException {
    for (Peer peer : peers.values()) {
      peer.close();
    }
    seeders.forEach(Swarm::close);
    tracker.close();
    operator.close();
    http.shutdownNow();
  }
}
