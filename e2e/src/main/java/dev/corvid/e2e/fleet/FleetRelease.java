package dev.corvid.e2e.fleet;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The one release that the fleet is given, as its user sees it. */
record FleetRelease(KubernetesClient client) {
  static final String NAMESPACE = "fleet";
  private static final String NAME = "model";

  /** Once, before the first release. */
  void makeNamespace() {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    // Its controller makes it, and no pod is admitted before.
    client
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName("default")
        .waitUntilCondition(found -> found != null, 60, TimeUnit.SECONDS);
  }

  static String url(int version) {
    return "https://models.example.com/ranking-%d.tar.gz".formatted(version);
  }

  /** The moment at which it was sent. */
  Instant apply(int version) {
    var yaml =
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: %s, namespace: %s}
        spec:
          source: {http: {urls: ["%s"]}}
          nodes: {selector: {}}
        """
            .formatted(NAME, NAMESPACE, url(version));
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
    var revision = PlayedSeeder.content(url(version)).revision();
    await(
        "Ready with " + revision,
        all -> !all.isEmpty() && isReady(all.getFirst(), revision),
        atMost);
    return Instant.now();
  }

  Instant delete(Duration atMost) throws InterruptedException {
    release().delete();
    await("deleted", List::isEmpty, atMost);
    return Instant.now();
  }

  /** What it says of itself. */
  SwarmRelease get() {
    return release().get();
  }

  private void await(String what, Predicate<List<SwarmRelease>> condition, Duration atMost)
      throws InterruptedException {
    var seen = release().informOnCondition(condition);
    try {
      seen.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(
          "the release is not %s within %d s:%n%s".formatted(what, atMost.toSeconds(), status()),
          e);
    } finally {
      seen.cancel(true);
    }
  }

  private String status() {
    var found = get();
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
    return client.resources(SwarmRelease.class).inNamespace(NAMESPACE).withName(NAME);
  }
}
