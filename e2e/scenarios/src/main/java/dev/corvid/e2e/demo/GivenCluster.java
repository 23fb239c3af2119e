package dev.corvid.e2e.demo;

import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.JavaPod;
import dev.corvid.e2e.cluster.Kubectl;
import dev.corvid.e2e.cluster.Pods;
import dev.corvid.e2e.cluster.Program;
import dev.corvid.e2e.source.Fetch;
import dev.corvid.e2e.source.SourceServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster that is there: the source is a pod in it, and nothing is shaped. */
final class GivenCluster implements Site {
  private static final int PORT = 8000;
  private static final String PROGRAM = "demo-source";
  private static final int MINUTES = 60;

  private final Path kubeconfig;
  private final String images;
  private final DemoObjects objects;
  private final KubernetesClient client;
  private final Pods pods;

  /**
   * @param images {@code registry/prefix} that the images were pushed to
   */
  GivenCluster(Path kubeconfig, String images) {
    this.kubeconfig = kubeconfig;
    this.images = images;
    this.objects = DemoObjects.in(kubeconfig);
    this.client = objects.client();
    this.pods = new Pods(client);
  }

  @Override
  public void prepare(Screen screen) {
    screen.say("the cluster at " + client.getMasterUrl() + ", images from " + images);
    objects.create();
  }

  @Override
  public Chart chart() {
    return objects.chart();
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public Kubectl kubectl() {
    return Kubectl.of(kubeconfig);
  }

  @Override
  public Map<String, Object> values() {
    return Map.of(
        "images",
        Map.of(
            "operator", Map.of("repository", images + "/operator"),
            "peer", Map.of("repository", images + "/peer"),
            // What they were built on, which need not be amd64, is what the cluster runs.
            "architectures", List.of()));
  }

  @Override
  public String peerImage() {
    return images + "/peer:" + Chart.appVersion();
  }

  @Override
  public URI serve(Path archive) throws IOException {
    client
        .resource(new Program(SourceServer.class).configMap(Demo.NAMESPACE, PROGRAM))
        .serverSideApply();
    var pod =
        JavaPod.of(Demo.NAMESPACE, "source", peerImage(), List.of())
            .running(PROGRAM, SourceServer.class, "0.0.0.0:" + PORT, "/tmp")
            .build();
    client.resource(pod).withGracePeriod(0).delete();
    client
        .resource(pod)
        .waitUntilCondition(java.util.Objects::isNull, 1, java.util.concurrent.TimeUnit.MINUTES);
    pods.start(pod);
    var ready = pods.ready(pod, 2 * MINUTES);
    upload(archive);
    return URI.create(
        "http://" + ready.getStatus().getPodIP() + ":" + PORT + "/" + archive.getFileName());
  }

  private void upload(Path archive) throws IOException {
    try (var forward = source().portForward(PORT);
        var http = HttpClient.newHttpClient()) {
      var to = "http://localhost:" + forward.getLocalPort() + "/" + archive.getFileName();
      var put = HttpRequest.newBuilder(URI.create(to)).PUT(BodyPublishers.ofFile(archive)).build();
      int status = http.send(put, BodyHandlers.discarding()).statusCode();
      if (status != 201) {
        throw new IOException("the source pod answered " + status + " to the upload");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while uploading", e);
    }
  }

  private io.fabric8.kubernetes.client.dsl.PodResource source() {
    return client.pods().inNamespace(Demo.NAMESPACE).withName("source");
  }

  @Override
  public Optional<Instant> firstByteAfter(Instant moment) {
    return SourceLog.firstByteAfter(source().getLog(), moment);
  }

  @Override
  public Optional<Double> fetchEverywhere(List<String> nodes, URI archive) {
    var fetches = new ArrayList<Pod>();
    for (var node : nodes) {
      var fetch =
          JavaPod.of(Demo.NAMESPACE, "fetch-" + node, peerImage(), List.of())
              .on(node)
              .running(PROGRAM, Fetch.class, archive.toString(), "/tmp/archive")
              .build();
      client.resource(fetch).withGracePeriod(0).delete();
      fetches.add(pods.start(fetch));
    }
    return fetches.stream()
        .map(fetch -> seconds(pods.ended(fetch, 30 * MINUTES)))
        .max(Double::compare);
  }

  /** The last line: before it, Java tells of the options that it takes from the environment. */
  private static double seconds(String log) {
    return Double.parseDouble(log.lines().toList().getLast());
  }

  @Override
  public List<String> whatNext() {
    return List.of(
        "kubectl -n demo describe swr jdk",
        "kubectl -n demo get swr jdk -o wide -w",
        "make demo-down KUBECONFIG=" + kubeconfig);
  }
}
