package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Another tenant, who releases while an attack runs, and Corvid's own pods: what it costs them. */
final class Victims {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final List<String> COMPONENTS = List.of("operator", "tracker", "peer");

  private final Tenant tenant;
  private int made;

  Victims(Tenant tenant) {
    this.tenant = tenant;
  }

  /** An attack that has begun. */
  interface Attack {
    /** Waits for its end; what the attacker got, in a line. */
    String end() throws Exception;
  }

  /** Begins an attack. */
  interface Beginning {
    Attack begin() throws Exception;
  }

  /**
   * @param got by the attacker
   * @param toReady of another tenant's release, meanwhile
   * @param probes that failed
   * @param restarted containers of Corvid
   */
  record Outcome(String got, Duration toReady, long probes, List<String> restarted) {
    String cost() {
      return "Ready after %s, %d probes failed, %s restarted"
          .formatted(
              Figures.seconds(toReady),
              probes,
              restarted.isEmpty() ? "nothing" : String.join(", ", restarted));
    }
  }

  /** The name of what is released next. */
  String next() {
    return "steady-" + (made + 1);
  }

  Tenant tenant() {
    return tenant;
  }

  /** What a release costs while nobody attacks. */
  Outcome undisturbed() throws Exception {
    return during(() -> () -> "-");
  }

  /**
   * Releases something new for all nodes while the attack runs.
   *
   * @throws AssertionError when it does not become Ready, or is not what was released
   */
  Outcome during(Beginning beginning) throws Exception {
    var restartsBefore = restarts();
    long probesBefore = failedProbes();
    var attack = beginning.begin();
    var toReady = release("steady-" + ++made, SampleRelease.of(9_000 + made, 12, 8 << 20));
    var got = attack.end();
    var restarted = new ArrayList<String>();
    restarts()
        .forEach(
            (pod, count) -> {
              if (count > restartsBefore.getOrDefault(pod, 0)) {
                restarted.add(pod);
              }
            });
    return new Outcome(got, toReady, failedProbes() - probesBefore, restarted);
  }

  private Duration release(String name, SampleRelease content) throws Exception {
    var url = tenant.serve(name + ".tar", content);
    var begin = Instant.now();
    tenant.apply(name, url);
    tenant.awaitReady(name, LIMIT);
    var toReady = Duration.between(begin, Instant.now());
    Awaitility.await("the claim of " + name).atMost(LIMIT).until(() -> claim(name) != null);
    tenant.assertEverywhere(name, content);
    tenant.delete(name);
    return toReady;
  }

  private PersistentVolumeClaim claim(String name) {
    return tenant
        .lab()
        .client()
        .persistentVolumeClaims()
        .inNamespace(tenant.namespace())
        .withName(name)
        .get();
  }

  private Map<String, Integer> restarts() {
    var restarts = new TreeMap<String, Integer>();
    COMPONENTS.stream()
        .flatMap(component -> Peers.of(tenant.lab()).pods(component).stream())
        .forEach(
            pod ->
                pod.getStatus()
                    .getContainerStatuses()
                    .forEach(
                        status ->
                            restarts.put(pod.getMetadata().getName(), status.getRestartCount())));
    return restarts;
  }

  private long failedProbes() {
    return Stream.of(Lab.SYSTEM, tenant.namespace())
        .flatMap(
            namespace ->
                tenant
                    .lab()
                    .client()
                    .v1()
                    .events()
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream())
        .filter(event -> "Unhealthy".equals(event.getReason()))
        .mapToLong(event -> event.getCount() == null ? 1 : event.getCount())
        .sum();
  }
}
