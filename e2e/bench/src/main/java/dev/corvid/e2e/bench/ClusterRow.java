package dev.corvid.e2e.bench;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.Cluster;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.release.ReleaseWatch;
import dev.corvid.e2e.release.Timeline;
import dev.corvid.e2e.release.Timeline.Moment;
import dev.corvid.e2e.source.Answer;
import dev.corvid.e2e.source.SourceServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The whole way of a release on a real cluster, from {@code kubectl apply} to the last of three
 * nodes; the seeder has a fourth to itself. Store and forward takes the time of the link twice:
 * once from the source, once to the nodes.
 */
record ClusterRow() implements Row {
  static final String OVER_LINK = "apply → last verified / at line rate";
  private static final String SYSTEM = "corvid-system";
  private static final String NAMESPACE = "bench";
  private static final String NAME = "release";
  private static final int MEGABITS = 200;
  private static final int NODES = 3;
  private static final int FILES = 300;
  private static final long BYTES = 256 << 20;
  private static final int LIMIT_SECONDS = 180;
  private static final Map<String, Object> VALUES =
      Map.of(
          "images",
          Chart.LOCAL_IMAGES,
          "roots",
          List.of(
              Map.of("name", "default", "hostPath", "/var/lib/corvid/default", "reserve", "1%")));

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public String title() {
    return "On a cluster, 1 + 3 nodes and a source, every link %d Mbit/s, %d MiB in %d files"
        .formatted(MEGABITS, BYTES >> 20, FILES);
  }

  @Override
  public Stage open(Bench.Ground ground) throws Exception {
    var images = Cluster.images();
    var cluster = Cluster.named("bench");
    try {
      cluster.up(NODES + 1, Map.of("RATE", Integer.toString(MEGABITS)));
      cluster.load(images);
      new Chart(cluster.kubeconfig(), SYSTEM).install(VALUES);
      return new Releases(cluster, ground.memory());
    } catch (Exception e) {
      cluster.down();
      throw e;
    }
  }

  private static final class Releases implements Stage {
    private final Cluster cluster;
    private final Path folder;
    private final KubernetesClient client;
    private final SourceServer source;

    Releases(Cluster cluster, Path folder) throws IOException {
      this.cluster = cluster;
      this.folder = folder;
      client = cluster.client();
      source = SourceServer.start(new InetSocketAddress(cluster.machineAddress(), 0));
      source.rate(MEGABITS * 1_000_000L / 8);
      var metadata = new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata();
      client.resource(metadata.build()).serverSideApply();
    }

    @Override
    public Map<String, Act> acts() {
      return Map.of("corvid", this::release);
    }

    private Map<String, Double> release(int repeat) throws Exception {
      var content = SampleRelease.of(repeat, FILES, BYTES); // others, so that nothing is reused
      var archive = content.archive(folder.resolve("release-" + repeat + ".tar"));
      var path = "/" + archive.getFileName();
      var url = source.on(path, new Answer.Content(archive));
      var timeline = new Timeline();
      try (var watch = new ReleaseWatch(client, SYSTEM, NAMESPACE, NAME, timeline)) {
        var applied = Instant.now();
        timeline.saw(Moment.APPLIED, applied);
        cluster.kubectl().apply(manifest(url));
        watch.untilReady(LIMIT_SECONDS, () -> {});
        var verified = lastVerified(watch);
        var figures = new LinkedHashMap<String, Double>();
        double line = content.sizeBytes() * 8.0 / (MEGABITS * 1e6);
        figures.put(OVER_LINK, seconds(applied, verified) / line);
        figures.put("apply → last verified s", seconds(applied, verified));
        figures.put("at line rate s", line);
        source
            .firstByte(path)
            .ifPresent(first -> figures.put("apply → source s", seconds(applied, first)));
        timeline
            .between(Moment.APPLIED, Moment.PUBLISHED)
            .map(Duration::toMillis)
            .ifPresent(millis -> figures.put("apply → published s", millis / 1000.0));
        return figures;
      } finally {
        Files.delete(archive);
        forget();
      }
    }

    private static Instant lastVerified(ReleaseWatch watch) {
      return IntStream.rangeClosed(1, NODES)
          .mapToObj(node -> watch.finished("node" + node))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }

    private static double seconds(Instant from, Instant to) {
      return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static String manifest(URI url) {
      return """
          apiVersion: corvid.dev/v1alpha1
          kind: SwarmRelease
          metadata: {name: %1$s, namespace: %2$s}
          spec:
            source: {http: {url: "%3$s"}}
            nodes:
              selector:
                matchExpressions: [{key: kubernetes.io/hostname, operator: NotIn, values: [node%4$d]}]
            seeder: {nodeSelector: {kubernetes.io/hostname: node%4$d}}
          """
          .formatted(NAME, NAMESPACE, url, NODES + 1);
    }

    /** Also on the nodes, before the next one. */
    private void forget() {
      var release = client.resources(SwarmRelease.class).inNamespace(NAMESPACE).withName(NAME);
      release.delete();
      release.waitUntilCondition(Objects::isNull, LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      source.close();
      client.close();
      cluster.down();
    }
  }
}
