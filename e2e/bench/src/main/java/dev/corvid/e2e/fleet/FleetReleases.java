package dev.corvid.e2e.fleet;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * All releases that the fleet is given: as many in each namespace as a team may have, far below
 * {@code limits.releasesPerNamespace}.
 */
final class FleetReleases {
  private static final int PER_NAMESPACE = 20;

  private final KubernetesClient client;
  private final List<FleetRelease> releases;

  FleetReleases(KubernetesClient client, int count) {
    this.client = client;
    this.releases =
        IntStream.range(0, count)
            .mapToObj(i -> new FleetRelease(client, "fleet-" + i / PER_NAMESPACE, "model-" + i))
            .toList();
  }

  FleetRelease first() {
    return releases.getFirst();
  }

  int count() {
    return releases.size();
  }

  /** Once, before the first release. */
  void makeNamespaces() {
    releases.stream().map(FleetRelease::namespace).distinct().forEach(this::makeNamespace);
  }

  private void makeNamespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    // Its controller makes it, and no pod is admitted before.
    client
        .serviceAccounts()
        .inNamespace(name)
        .withName("default")
        .waitUntilCondition(found -> found != null, 60, TimeUnit.SECONDS);
  }

  /** The moment at which the first was sent. */
  Instant apply(int version) {
    var start = Instant.now();
    releases.forEach(release -> release.apply(version));
    return start;
  }

  /** The moment at which the last was seen Ready with that version. */
  Instant awaitReady(int version, Duration atMost) throws InterruptedException {
    var end = Instant.now();
    for (var release : releases) {
      end = release.awaitReady(version, atMost);
    }
    return end;
  }

  void delete(Duration atMost) throws InterruptedException {
    releases.forEach(FleetRelease::delete);
    for (var release : releases) {
      release.awaitDeleted(atMost);
    }
  }
}
