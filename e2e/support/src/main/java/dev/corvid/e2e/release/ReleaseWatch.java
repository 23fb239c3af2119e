package dev.corvid.e2e.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.release.Timeline.Moment;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one release is doing: its status by watch, its nodes by the metrics of their peers, which
 * the status does not carry (it would be written too often).
 */
public final class ReleaseWatch implements AutoCloseable {
  private static final long SAMPLE_MILLIS = 100;
  private static final long READY_SECONDS = 120;
  private static final Pattern PUBLISHED =
      Pattern.compile("(?m)^corvid_seeder_published_timestamp_seconds\\S*\\s+([0-9.eE+]+)");

  private final KubernetesClient client;
  private final String systemNamespace;
  private final String namespace;
  private final String name;
  private final Timeline timeline;
  private final Map<String, String> peers = new TreeMap<>(); // pod by node
  private final Map<String, PeerFigures> before = new TreeMap<>();
  private final Map<String, Long> fewestPlaced = new TreeMap<>();
  private final SortedMap<String, PeerFigures> figures = new TreeMap<>();
  private final Map<String, Instant> finished = new TreeMap<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final SharedIndexInformer<SwarmRelease> informer;
  private volatile String message = "";
  private volatile long sizeBytes;
  private volatile boolean isPublished;

  /**
   * Open it before the release is applied: figures count from now.
   *
   * @param systemNamespace where the peers run
   * @param timeline gets the moments that are seen from now on
   */
  public ReleaseWatch(
      KubernetesClient client,
      String systemNamespace,
      String namespace,
      String name,
      Timeline timeline) {
    this.client = client;
    this.systemNamespace = systemNamespace;
    this.namespace = namespace;
    this.name = name;
    this.timeline = timeline;
    var pods =
        client
            .pods()
            .inNamespace(systemNamespace)
            .withLabel("app.kubernetes.io/component", "peer")
            .list();
    var nodes =
        client.nodes().list().getItems().stream()
            .map(node -> node.getMetadata().getName())
            .collect(Collectors.toSet());
    for (var pod : pods.getItems()) {
      // The pod of a node that is gone stays for a minute.
      if (pod.getMetadata().getDeletionTimestamp() == null
          && nodes.contains(pod.getSpec().getNodeName())) {
        peers.put(pod.getSpec().getNodeName(), pod.getMetadata().getName());
      }
    }
    peers.forEach((node, pod) -> before.put(node, firstSample(pod)));
    before.forEach((node, sample) -> fewestPlaced.put(node, sample.placed()));
    informer =
        client
            .resources(SwarmRelease.class)
            .inNamespace(namespace)
            .withName(name)
            .inform(new Changes());
  }

  private final class Changes implements ResourceEventHandler<SwarmRelease> {
    @Override
    public void onAdd(SwarmRelease release) {
      changed(release);
    }

    @Override
    public void onUpdate(SwarmRelease old, SwarmRelease release) {
      changed(release);
    }

    @Override
    public void onDelete(SwarmRelease release, boolean stateUnknown) {
      ready.completeExceptionally(new IllegalStateException(name + " was deleted"));
    }
  }

  private void changed(SwarmRelease release) {
    var status = release.getStatus();
    if (status == null
        || !release.getMetadata().getGeneration().equals(status.observedGeneration())) {
      return;
    }
    if (status.source() != null && status.source().sizeBytes() != null) {
      sizeBytes = status.source().sizeBytes();
    }
    isPublished |= status.updateRevision() != null;
    for (Condition condition : status.conditions()) {
      if (condition.getType().equals("Ready")) {
        message = condition.getReason() + ": " + condition.getMessage();
        if (condition.getStatus().equals("True")) {
          timeline.saw(Moment.READY, Instant.now());
          ready.complete(null);
        }
      }
    }
  }

  /**
   * Samples the nodes until the release is Ready.
   *
   * @param onSample runs after each look at the nodes
   * @throws IllegalStateException when it is not Ready in time, with what it says of itself
   */
  public void untilReady(int seconds, Runnable onSample) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      boolean last = ready.isDone();
      var time = Instant.now();
      peers.forEach((node, pod) -> sample(pod).ifPresent(now -> see(node, now, time)));
      if (isPublished && !timeline.has(Moment.PUBLISHED)) {
        published().ifPresent(published -> timeline.saw(Moment.PUBLISHED, published));
      }
      onSample.run();
      if (last) {
        return;
      }
      await(SAMPLE_MILLIS);
    }
    throw new IllegalStateException(name + " is not Ready after " + seconds + " s; " + message);
  }

  private void await(long millis) throws InterruptedException {
    try {
      ready.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Not yet.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Without it every release that a node has would count as this one. */
  private PeerFigures firstSample(String pod) {
    client
        .pods()
        .inNamespace(systemNamespace)
        .withName(pod)
        .waitUntilReady(READY_SECONDS, TimeUnit.SECONDS);
    return sample(pod)
        .orElseThrow(() -> new IllegalStateException("the peer " + pod + " shows no metrics"));
  }

  private Optional<PeerFigures> sample(String pod) {
    return metrics(systemNamespace, pod).map(PeerFigures::parse);
  }

  private Optional<String> metrics(String inNamespace, String pod) {
    var path = "/api/v1/namespaces/%s/pods/%s:9090/proxy/metrics".formatted(inNamespace, pod);
    try {
      return Optional.ofNullable(client.raw(path));
    } catch (KubernetesClientException e) {
      return Optional.empty(); // a pod that restarts has no figures for a moment
    }
  }

  /** As its seeder tells: the status, which is written a little later, would be too late. */
  private Optional<Instant> published() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "seeder")
        .withLabel("corvid.dev/release", name)
        .list()
        .getItems()
        .stream()
        .flatMap(pod -> metrics(namespace, pod.getMetadata().getName()).stream())
        .flatMap(metrics -> PUBLISHED.matcher(metrics).results())
        .map(sample -> new BigDecimal(sample.group(1)).movePointRight(3).longValue())
        .filter(millis -> millis > 0)
        .map(Instant::ofEpochMilli)
        .findFirst();
  }

  private void see(String node, PeerFigures counted, Instant time) {
    var now = counted.since(before.get(node));
    figures.put(node, now);
    if (now.received() > 0) {
      timeline.saw(Moment.PEER, time);
    }
    // Another release may leave the node meanwhile.
    long others = fewestPlaced.merge(node, counted.placed(), Math::min);
    if (counted.placed() > others && finished.putIfAbsent(node, time) == null) {
      if (finished.size() == peers.size()) {
        timeline.saw(Moment.VERIFIED, time);
      }
    }
  }

  /** How much of the release a node has, 0 to 100. */
  public int percent(String node) {
    if (finished.containsKey(node)) {
      return 100;
    }
    var now = figures.get(node);
    return now == null || sizeBytes == 0
        ? 0
        : (int) Math.min(99, 100 * (now.received() + now.reused()) / sizeBytes);
  }

  /** Bytes of all the release's files; 0 while unknown. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The reason and message of the condition Ready. */
  public String message() {
    return message;
  }

  /** By node, as they were seen last. */
  public SortedMap<String, PeerFigures> figures() {
    return figures;
  }

  /** When a node had everything; null when that was not seen. */
  public Instant finished(String node) {
    return finished.get(node);
  }

  @Override
  public void close() {
    informer.close();
  }
}
