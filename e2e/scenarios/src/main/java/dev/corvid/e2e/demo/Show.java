package dev.corvid.e2e.demo;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.Table;
import dev.corvid.e2e.cluster.JavaPod;
import dev.corvid.e2e.cluster.Pods;
import dev.corvid.e2e.release.ReleaseWatch;
import dev.corvid.e2e.release.Timeline;
import dev.corvid.e2e.release.Timeline.Moment;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The release of the demo, from {@code kubectl apply} to the pods that run from it. */
final class Show {
  static final String RELEASE = "jdk";
  private static final int MINUTES = 60;

  private final Screen screen;
  private final Site site;
  private final KubernetesClient client;
  private final Timeline timeline = new Timeline();
  private long sizeBytes;

  Show(Screen screen, Site site, KubernetesClient client) {
    this.screen = screen;
    this.site = site;
    this.client = client;
  }

  void play(Path archive) throws IOException, InterruptedException {
    namespace();
    var url = site.serve(archive);
    screen.say(
        "%s, %.0f MB, %s".formatted(url, Files.size(archive) / 1e6, "served by one machine"));
    forgetEarlierRun();
    release(url);
    var nodes = nodes();
    screen.step("The same archive, fetched by all %d nodes at once".formatted(nodes.size()));
    compare(nodes, url, archive);
    screen.step("A pod on each node, uid 65534, runs current/bin/java -version");
    runEverywhere(nodes);
  }

  /** Pod Security <i>restricted</i>: releases are for ordinary tenants. */
  private void namespace() {
    client.resource(DemoObjects.namespace(Demo.NAMESPACE, "restricted")).serverSideApply();
  }

  private void forgetEarlierRun() {
    var earlier =
        client.resources(SwarmRelease.class).inNamespace(Demo.NAMESPACE).withName(RELEASE);
    if (earlier.get() != null) {
      screen.say("deleting the release of the last run, on every node");
      client.pods().inNamespace(Demo.NAMESPACE).withLabel(JavaPod.LABEL).delete();
      earlier.delete();
      earlier.waitUntilCondition(
          java.util.Objects::isNull, 2, java.util.concurrent.TimeUnit.MINUTES);
    }
  }

  private void release(URI url) throws InterruptedException {
    var manifest =
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: %s, namespace: %s}
        spec:
          version: "%s"
          source:
            http: {url: "%s"}
          nodes: {selector: {}}
        """
            .formatted(RELEASE, Demo.NAMESPACE, JdkArchive.versionOfThisJvm(), url);
    screen.say("");
    manifest.lines().forEach(line -> screen.say("    " + line));
    screen.step("kubectl apply");
    try (var watch =
        new ReleaseWatch(client, site.chart().namespace(), Demo.NAMESPACE, RELEASE, timeline)) {
      var applied = Instant.now();
      timeline.saw(Moment.APPLIED, applied);
      site.kubectl().apply(manifest);
      var progress = new Progress(watch, timeline);
      watch.untilReady(
          30 * MINUTES,
          () -> screen.update(screen.isTerminal() ? progress.bars() : progress.words()));
      site.firstByteAfter(applied).ifPresent(time -> timeline.saw(Moment.SOURCE, time));
      screen.step("kubectl get swr");
      screen.say(site.kubectl().run("-n", Demo.NAMESPACE, "get", "swr", "-o", "wide"));
      screen.say(progress.summary());
      sizeBytes = watch.sizeBytes();
      timeline.lines().forEach(screen::say);
    }
  }

  private void compare(List<String> nodes, URI url, Path archive) throws IOException {
    double corvid = timeline.between(Moment.APPLIED, Moment.READY).orElseThrow().toMillis() / 1e3;
    var plain = site.fetchEverywhere(nodes, url);
    if (plain.isEmpty()) {
      return;
    }
    double one = plain.get() / nodes.size();
    double megabits = Files.size(archive) * 8 / 1e6 / one;
    double tree = sizeBytes * 8 / 1e6 / megabits;
    screen.say(
        new Table("", "seconds", "what every node has then")
            .row("plain HTTP", plain.get(), "an archive, not unpacked, not verified")
            .row("Corvid", corvid, "the tree: verified, synced, switched to atomically"));
    screen.say(
        "Ratio %.2f. The source's uplink gave %.0f Mbit/s; it sent %d copies the plain way, and one to Corvid."
            .formatted(corvid / plain.get(), megabits, nodes.size()));
    screen.say(
        ("The bound for Corvid on these links: %.1f s for the archive once, then %.1f s for the tree"
                + " once, whatever the number of nodes. The plain way takes %.1f s a node.")
            .formatted(one, tree, one));
  }

  private void runEverywhere(List<String> nodes) {
    var pods = new Pods(client);
    var started = nodes.stream().map(node -> pods.start(javaOn(node))).toList();
    for (var pod : started) {
      var version = pods.ended(pod, 2 * MINUTES).lines().filter(line -> line.contains("version"));
      screen.say(pod.getSpec().getNodeName() + ": " + version.findFirst().orElse("?"));
      client.resource(pod).delete(); // even a finished pod keeps its claim in use
    }
  }

  private Pod javaOn(String node) {
    var java = List.of("/release/current/bin/java", "-version");
    return JavaPod.of(Demo.NAMESPACE, "java-" + node, site.peerImage(), java)
        .on(node)
        .reading(RELEASE)
        .build();
  }

  private List<String> nodes() {
    return client
        .pods()
        .inNamespace(site.chart().namespace())
        .withLabel("app.kubernetes.io/component", "peer")
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getSpec().getNodeName())
        .sorted()
        .toList();
  }
}
