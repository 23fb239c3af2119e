package dev.corvid.e2e.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederReport.State;
import dev.corvid.wire.seeder.SeederTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kubelet and the program of every seeder's pod that the operator makes: it runs at once, and
 * has fetched and published at once. What it publishes follows from the URL.
 */
final class PlayedSeeder implements AutoCloseable {
  /** Of every seeder's pod: one that a connection can come from, as the operator demands it. */
  private static final String ADDRESS = "127.127.0.1";

  private static final int PORT = 6881;
  private static final long SIZE = 1L << 30;
  private static final int ATTEMPTS = 500;
  private static final long PAUSE_MILLIS = 20;

  private final KubernetesClient client;
  private final Kubelets kubelets;
  private final FleetContext fleet;
  private final Set<String> played = ConcurrentHashMap.newKeySet();
  private final SharedIndexInformer<Pod> pods;

  PlayedSeeder(KubernetesClient client, Kubelets kubelets, FleetContext fleet) {
    this.client = client;
    this.kubelets = kubelets;
    this.fleet = fleet;
    this.pods =
        client
            .pods()
            .inAnyNamespace()
            .withLabel("app.kubernetes.io/component", "seeder")
            .inform(new Starts());
  }

  /** The content that the file of this URL becomes. */
  static Content content(String url) {
    var digest = digest(url);
    return new Content("sha256:" + digest, digest.substring(0, 40), 1 << 20, SIZE, 300);
  }

  private final class Starts implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      if (played.add(pod.getMetadata().getUid())) {
        Thread.startVirtualThread(() -> play(pod));
      }
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      // It runs as it is; on no node, it is gone as soon as it is deleted.
    }

    @Override
    public void onDelete(Pod pod, boolean stateUnknown) {
      played.remove(pod.getMetadata().getUid());
    }
  }

  private void play(Pod pod) {
    client
        .resource(
            new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(ADDRESS)
                .endStatus()
                .build())
        .patchStatus();
    try (var tracker =
        fleet.connectionFrom(InetAddress.ofLiteral(ADDRESS), kubelets.token(pod, "default"))) {
      report(pod, tracker);
    } catch (IOException e) {
      throw new IllegalStateException("the seeder cannot report", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Refused until the operator has named this pod to the tracker: retried after a pause, as the
   * seeder does.
   */
  private void report(Pod pod, TrackerConnection tracker) throws IOException, InterruptedException {
    var task = SeederTask.of(environment(pod));
    var path = "/v1/seeders/" + task.releaseUid() + "/report";
    var report = seeding(pod, task);
    var answer = tracker.post(path, report);
    for (int attempts = 1; answer.status() != 204; attempts++) {
      if (attempts > ATTEMPTS) {
        throw new IOException("the tracker refuses: " + new String(answer.body(), UTF_8));
      }
      Thread.sleep(PAUSE_MILLIS);
      answer = tracker.post(path, report);
    }
  }

  private static SeederReport seeding(Pod pod, SeederTask task) throws WireException {
    var url = task.http().url();
    var content = content(url);
    var key = Base64.getDecoder().decode(variable(pod, SeederTask.KEY_VARIABLE));
    var publication =
        Publication.prove(
            task.releaseUid(),
            task.sourceHash(),
            "sha256:" + digest("archive of " + url),
            content,
            SIZE,
            key);
    return new SeederReport(State.SEEDING, PORT, SIZE, SIZE, publication, 0, null, null);
  }

  private static Map<String, String> environment(Pod pod) {
    var environment = new HashMap<String, String>();
    pod.getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    return environment;
  }

  private static String variable(Pod pod, String name) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> name.equals(variable.getName()))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static String digest(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  @Override
  public void close() {
    pods.stop();
  }
}
