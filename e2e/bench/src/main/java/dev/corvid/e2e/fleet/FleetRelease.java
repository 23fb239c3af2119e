package dev.corvid.e2e.fleet;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A release that the fleet is given, as its user sees it. */
record FleetRelease(KubernetesClient client, String namespace, String name) {
  Content content(int version) {
    return PlayedSeeder.content(url(version));
  }

  private String url(int version) {
    return "https://models.example.com/%s-%d.tar.gz".formatted(name, version);
  }

  /** The moment at which it was sent. */
  Instant apply(int version) {
    var yaml =
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: %s, namespace: %s}
        spec:
          source: {http: {url: "%s"}}
          nodes: {selector: {}}
        """
            .formatted(name, namespace, url(version));
    var start = Instant.now();
    client
        .resource(client.getKubernetesSerialization().unmarshal(yaml, SwarmRelease.class))
        .fieldManager("fleet")
        .forceConflicts()
        .serverSideApply();
    return start;
  }

  /** The moment at which that version was seen Ready. */
  Instant awaitReady(int version, Duration atMost) throws InterruptedException {
    var revision = content(version).revision();
    await(
        "Ready with " + revision,
        all -> !all.isEmpty() && isReady(all.getFirst(), revision),
        atMost);
    return Instant.now();
  }

  void delete() {
    release().delete();
  }

  void awaitDeleted(Duration atMost) throws InterruptedException {
    await("deleted", List::isEmpty, atMost);
  }

  private void await(String what, Predicate<List<SwarmRelease>> condition, Duration atMost)
      throws InterruptedException {
    var seen = release().informOnCondition(condition);
    try {
      seen.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(
          "the release %s is not %s within %d s:%n%s"
              .formatted(name, what, atMost.toSeconds(), status()),
          e);
    } finally {
      seen.cancel(true);
    }
  }

  private String status() {
    var found = release().get();
    return found == null
        ? "(there is none)"
        : client.getKubernetesSerialization().asYaml(found.getStatus());
  }

  private static boolean isReady(SwarmRelease release, String revision) {
    var status = release.getStatus();
    return status != null
        && revision.equals(status.currentRevision())
        && release.getMetadata().getGeneration().equals(status.observedGeneration())
        && status.conditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private Resource<SwarmRelease> release() {
    return client.resources(SwarmRelease.class).inNamespace(namespace).withName(name);
  }
}
