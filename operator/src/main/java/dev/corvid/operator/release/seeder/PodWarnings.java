package dev.corvid.operator.release.seeder;

import dev.corvid.wire.text.Printable;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster's Events say of a pod that does not start: a volume that cannot be mounted, a
 * sandbox that cannot be made. Of that a pod's status says no more than {@code ContainerCreating}.
 */
public final class PodWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(PodWarnings.class);

  /**
   * Of a tenant's namespace: an Event may be as large as etcd takes, so that no more are in memory
   * at a time.
   */
  private static final long PAGE = 20;

  /**
   * The API server lists by name and not by time, so the last one may be on the last page. A
   * kubelet writes 25 Events of a pod and one more every five minutes, and they stay for an hour:
   * this is ten times as many.
   */
  private static final int MAX_PAGES = 20;

  private static final int MAX_TEXT = 512;

  private final KubernetesClient client;

  public PodWarnings(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The last warning about that pod. Anybody who may create Events in its namespace can write one:
   * it is for a person to read, and decides nothing.
   *
   * @param known the last warning as of an earlier look
   * @return reason and message; what is known when the Events cannot be read
   */
  public Optional<String> last(Pod pod, Optional<String> known) {
    try {
      return latest(pod).map(PodWarnings::text);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "The Events of the pod {}/{} cannot be read: {}",
          pod.getMetadata().getNamespace(),
          pod.getMetadata().getName(),
          e.getMessage());
      return known;
    }
  }

  private Optional<Event> latest(Pod pod) {
    var events =
        client
            .v1()
            .events()
            .inNamespace(pod.getMetadata().getNamespace())
            .withField("involvedObject.uid", pod.getMetadata().getUid())
            .withField("type", "Warning");
    Event latest = null;
    String next = null;
    for (int page = 0; page < MAX_PAGES; page++) {
      EventList list =
          events.list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      latest =
          Stream.concat(Stream.ofNullable(latest), list.getItems().stream())
              .max(Comparator.comparing(PodWarnings::time))
              .orElse(null);
      next = list.getMetadata().getContinue();
      if (next == null || next.isEmpty()) {
        break;
      }
    }
    return Optional.ofNullable(latest);
  }

  /** When it came last, whichever of the two kinds of Events it is; times of RFC 3339, in UTC. */
  private static String time(Event event) {
    return Stream.of(
            event.getSeries() == null || event.getSeries().getLastObservedTime() == null
                ? null
                : event.getSeries().getLastObservedTime().getTime(),
            event.getLastTimestamp(),
            event.getEventTime() == null ? null : event.getEventTime().getTime(),
            event.getMetadata().getCreationTimestamp())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static String text(Event event) {
    String message = event.getMessage() == null ? "" : ": " + event.getMessage().strip();
    return Printable.text(event.getReason() + message, MAX_TEXT);
  }
}
