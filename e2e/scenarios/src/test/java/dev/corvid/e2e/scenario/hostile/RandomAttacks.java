package dev.corvid.e2e.scenario.hostile;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.attack.IdleConnections;
import dev.corvid.e2e.attack.RogueClient;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Attacks at random on a cluster in which all else happens, one at a time, and none longer than
 * half a minute. The attacker also releases something of its own, so that there is a folder in
 * which others' content could be.
 */
public final class RandomAttacks implements AutoCloseable {
  private static final String SECONDS = "20";

  private final Lab lab;
  private final Tenant victim;
  private final Mallory mallory;
  private final NamespaceIsolation apart;
  private final SplittableRandom random;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final List<Kind> made = new ArrayList<>();
  private Future<?> running;

  public enum Kind {
    IDLE_CONNECTIONS,
    HALF_REQUESTS,
    CROWD,
    LABELLED_CLAIM,
    SAME_DIGEST,
    FAR_EPOCH,
    FOREIGN_ADDRESS
  }

  public RandomAttacks(Tenant victim, SplittableRandom random) throws IOException {
    this.lab = victim.lab();
    this.victim = victim;
    this.mallory = Mallory.in(lab, "attacking");
    this.apart = new NamespaceIsolation(mallory.tenant());
    this.random = random;
    var own = mallory.tenant().serve("own.tar", SampleRelease.saying("mine", 5));
    mallory.tenant().apply("own", own);
  }

  public NamespaceIsolation apart() {
    return apart;
  }

  /** Begins one, unless the last one still runs. */
  public void begin() {
    if (running != null && !running.isDone()) {
      return;
    }
    var kind = Kind.values()[random.nextInt(Kind.values().length)];
    made.add(kind);
    running = thread.submit(() -> attempt(kind));
  }

  /** An attack may fail, and does while the cluster is cut to pieces. */
  private void attempt(Kind kind) {
    try {
      attack(kind);
    } catch (Exception | AssertionError e) {
      System.out.println("the attack " + kind + " came to nothing: " + e);
    }
  }

  private void attack(Kind kind) throws Exception {
    switch (kind) {
      case IDLE_CONNECTIONS ->
          pods(IdleConnections.class, List.of("200", SECONDS, ""), Ports.of(lab).all());
      case HALF_REQUESTS ->
          pods(
              IdleConnections.class,
              List.of("500", SECONDS, "POST /v1/push HTTP/1.1\\nX-Filler: @"),
              Ports.of(lab).telemetry());
      case CROWD ->
          pods(
              RogueClient.class,
              List.of("crowd", "0".repeat(40), SECONDS),
              Ports.of(lab).of("peer", 6881));
      case LABELLED_CLAIM -> claim();
      case SAME_DIGEST -> sameDigest();
      case FAR_EPOCH -> report("node3", new StolenNode(lab, "node3").address(), (1L << 53) - 1);
      case FOREIGN_ADDRESS -> report("node3", "169.254.169.254", 1);
    }
  }

  private void pods(Class<?> program, List<String> arguments, List<String> targets) {
    var all = new ArrayList<>(arguments);
    all.addAll(targets);
    mallory.pods().run(program, all.toArray(String[]::new));
  }

  private void claim() {
    mallory
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: %1$s
              labels: {corvid.dev/release: %1$s, corvid.dev/release-namespace: %2$s, app.kubernetes.io/managed-by: corvid}
            spec: {storageClassName: "", accessModes: [ReadOnlyMany], resources: {requests: {storage: 1Gi}}}
            """
                .formatted("soak-" + random.nextInt(40), victim.namespace()));
  }

  private void sameDigest() {
    for (var release : releasesOfTheVictim()) {
      if (release.getStatus() != null && release.getStatus().source() != null) {
        var digest = release.getStatus().source().http().digest();
        var own = lab.source().uri(mallory.tenant().path("own.tar"));
        mallory.applyWithDigest("guessed", own, digest);
        return;
      }
    }
  }

  private List<SwarmRelease> releasesOfTheVictim() {
    return lab.client()
        .resources(SwarmRelease.class)
        .inNamespace(victim.namespace())
        .list()
        .getItems();
  }

  private void report(String node, String address, long epoch) {
    for (var release : releasesOfTheVictim()) {
      var metadata = release.getMetadata();
      new StolenNode(lab, node)
          .poll(
              node,
              address,
              List.of(
                  StolenNode.report(
                      metadata.getUid(), metadata.getNamespace(), metadata.getName(), epoch)));
    }
  }

  /** How many of each kind. */
  public String report() {
    var counts = new java.util.EnumMap<Kind, Integer>(Kind.class);
    made.forEach(kind -> counts.merge(kind, 1, Integer::sum));
    return "attacks: " + counts;
  }

  @Override
  public void close() {
    thread.shutdown();
    mallory.tenant().leave();
  }
}
