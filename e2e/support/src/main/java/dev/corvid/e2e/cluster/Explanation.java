package dev.corvid.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** What a person would look at first after a failure, as text. */
public final class Explanation {
  private static final int LOG_LINES = 60;

  private final KubernetesClient client;

  public Explanation(KubernetesClient client) {
    this.client = client;
  }

  /** Releases, events and pods of the namespaces, with the last lines of each container. */
  public String of(List<String> namespaces) {
    var text = new StringBuilder();
    for (var namespace : namespaces) {
      text.append("\n===== namespace ").append(namespace).append('\n');
      releases(namespace, text);
      events(namespace, text);
      client.pods().inNamespace(namespace).list().getItems().forEach(pod -> pod(pod, text));
    }
    return text.toString();
  }

  private void releases(String namespace, StringBuilder text) {
    for (var release :
        client
            .genericKubernetesResources("corvid.dev/v1alpha1", "SwarmRelease")
            .inNamespace(namespace)
            .list()
            .getItems()) {
      release.getMetadata().setManagedFields(null);
      text.append(Serialization.asYaml(release));
    }
  }

  private void events(String namespace, StringBuilder text) {
    client.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(event -> event.getReason() + ": " + event.getMessage())
        .distinct()
        .forEach(line -> text.append("event ").append(line).append('\n'));
  }

  private void pod(Pod pod, StringBuilder text) {
    var metadata = pod.getMetadata();
    text.append("--- pod ").append(metadata.getName()).append(" on ");
    text.append(pod.getSpec().getNodeName()).append(": ").append(pod.getStatus().getPhase());
    text.append('\n');
    for (var status : pod.getStatus().getContainerStatuses()) {
      text.append(Serialization.asYaml(status.getState()));
      boolean restarted = status.getRestartCount() > 0;
      var container =
          client
              .pods()
              .inNamespace(metadata.getNamespace())
              .withName(metadata.getName())
              .inContainer(status.getName());
      try {
        if (restarted) {
          text.append("(before its restart)\n");
          text.append(container.terminated().tailingLines(LOG_LINES).getLog());
          text.append("(after its restart)\n");
        }
        text.append(container.tailingLines(LOG_LINES).getLog());
      } catch (KubernetesClientException e) {
        text.append("(no log: ").append(e.getMessage()).append(")\n");
      }
    }
  }
}
