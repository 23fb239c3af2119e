package dev.corvid.e2e.scenario;

import dev.corvid.e2e.release.PeerFigures;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods of Corvid itself. */
public record Peers(Lab lab) {
  public static Peers of(Lab lab) {
    return new Peers(lab);
  }

  /** Without those of a node that is gone, which stay for a minute. */
  public List<Pod> pods(String component) {
    var nodes =
        lab.client().nodes().list().getItems().stream()
            .map(node -> node.getMetadata().getName())
            .collect(Collectors.toSet());
    return lab
        .client()
        .pods()
        .inNamespace(Lab.SYSTEM)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> nodes.contains(pod.getSpec().getNodeName()))
        .toList();
  }

  public Pod on(String node) {
    return pods("peer").stream()
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .findFirst()
        .orElseThrow();
  }

  /** What the peer of a node counts since it started. */
  public PeerFigures figures(String node) {
    var path = "/api/v1/namespaces/%s/pods/%s:9090/proxy/metrics";
    return PeerFigures.parse(
        lab.client().raw(path.formatted(Lab.SYSTEM, on(node).getMetadata().getName())));
  }

  /** Waits until a node's peer is ready. */
  public void awaitOn(String node) {
    lab.client()
        .pods()
        .inNamespace(Lab.SYSTEM)
        .withLabel("app.kubernetes.io/component", "peer")
        .informOnCondition(
            pods ->
                pods.stream()
                    .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                    .anyMatch(Readiness::isPodReady))
        .orTimeout(90, TimeUnit.SECONDS)
        .join();
  }

  /** A node on which neither the operator nor the tracker runs. */
  public String nodeOfPeersOnly() {
    var taken =
        Stream.of("operator", "tracker")
            .flatMap(component -> pods(component).stream())
            .map(pod -> pod.getSpec().getNodeName())
            .toList();
    return Lab.NODES.stream().filter(node -> !taken.contains(node)).findFirst().orElseThrow();
  }
}
