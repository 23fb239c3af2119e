package dev.corvid.e2e.scenario.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.PodProcess;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.scenario.hostile.RandomAttacks;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** What happens in a cluster over months, in minutes, one thing after another, from a seed. */
final class Churn {
  private static final String LABEL = "soak";
  private static final int MOST_RELEASES = 4;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Tenant tenant;
  private final Lab lab;
  private final Peers peers;
  private final SplittableRandom random;
  private final Invariants invariants;
  private final Map<String, Released> living = new TreeMap<>();
  private final Set<String> suspended = new TreeSet<>();
  private final Set<String> deleted = new TreeSet<>();
  private final RandomAttacks attacks;
  private final Map<Act, Integer> done = new EnumMap<>(Act.class);
  private List<String> troubled = Lab.NODES;
  private int made;
  private int contents;

  private record Released(SampleRelease content, URI url) {}

  enum Act {
    CREATE(Churn::create),
    EDIT(Churn::edit),
    DELETE(Churn::delete),
    SUSPEND_OR_RESUME(Churn::suspendOrResume),
    LABEL_OR_UNLABEL(Churn::relabel),
    CUT_A_NODE(Churn::cut),
    KILL_A_PEER(Churn::killPeer),
    KILL_A_SEEDER(churn -> churn.tenant.killSeeders()),
    KILL_THE_TRACKER(churn -> churn.kill("tracker")),
    KILL_THE_OPERATOR(churn -> churn.kill("operator")),
    ATTACK(churn -> churn.attacks.begin());

    /** Without an attacker's. */
    static final Act[] ANY =
        java.util.Arrays.stream(values()).filter(act -> act != ATTACK).toArray(Act[]::new);

    /** Those that let the tracker, the operator and the peers of all nodes but one live. */
    static final Act[] SPARING = {
      CREATE,
      EDIT,
      EDIT,
      DELETE,
      SUSPEND_OR_RESUME,
      LABEL_OR_UNLABEL,
      CUT_A_NODE,
      KILL_A_PEER,
      KILL_A_SEEDER
    };

    private final Deed deed;

    Act(Deed deed) {
      this.deed = deed;
    }
  }

  private interface Deed {
    void on(Churn churn) throws IOException;
  }

  /**
   * @param attacks in which an attacker is among the acts; null for none
   */
  Churn(Tenant tenant, SplittableRandom random, RandomAttacks attacks) {
    this.attacks = attacks;
    this.tenant = tenant;
    this.lab = tenant.lab();
    this.peers = Peers.of(lab);
    this.random = random;
    this.invariants = new Invariants(tenant, attacks == null ? null : attacks.apart());
  }

  /** Looks at every node each second until it is closed. */
  Invariants watch() {
    invariants.start();
    return invariants;
  }

  /**
   * Does these things in random order, a second or two apart.
   *
   * @param nodes whose peers are killed, and whose cables are pulled
   */
  void go(Duration time, List<String> nodes, Act... acts) throws IOException {
    troubled = nodes;
    lab.kubectl().run("label", "--overwrite", "nodes", "--all", LABEL + "=in");
    var end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      var act = living.isEmpty() ? Act.CREATE : next(acts);
      act.deed.on(this);
      done.merge(act, 1, Integer::sum);
      pause(500, 2_500);
    }
  }

  /** With an attacker, one act in four is his. */
  private Act next(Act... acts) {
    return attacks != null && random.nextInt(4) == 0
        ? Act.ATTACK
        : acts[random.nextInt(acts.length)];
  }

  private void create() throws IOException {
    if (living.size() < MOST_RELEASES) {
      release("soak-" + made++);
    }
  }

  private void edit() throws IOException {
    release(any(living.keySet()));
  }

  private void release(String name) throws IOException {
    var content =
        SampleRelease.of(7_000 + contents, random.nextInt(12, 60), random.nextInt(1, 17) << 20);
    invariants.released(name, content);
    if (attacks != null) {
      attacks.apart().released(content);
    }
    var url = tenant.serve("soak-%d.tar".formatted(contents++), content);
    forget(living.put(name, new Released(content, url)));
    apply(name);
  }

  private void apply(String name) {
    tenant.apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {matchLabels: {%s: in}}}
        suspend: %s
        """
            .formatted(living.get(name).url(), LABEL, suspended.contains(name)));
  }

  /** Hours of archives would fill the disk. */
  private void forget(Released old) throws IOException {
    if (old != null) {
      var file = Path.of(old.url().getPath()).getFileName();
      Files.deleteIfExists(lab.archives().resolve(tenant.namespace() + "-" + file));
    }
  }

  /** Returns at once: nodes may be cut off. */
  private void delete() throws IOException {
    var name = any(living.keySet());
    tenant.release(name).delete();
    forget(living.remove(name));
    suspended.remove(name);
    deleted.add(name);
  }

  private void suspendOrResume() {
    var name = any(living.keySet());
    if (!suspended.remove(name)) {
      suspended.add(name);
    }
    apply(name);
  }

  private void relabel() {
    boolean in =
        lab.client().nodes().withName("node3").get().getMetadata().getLabels().containsKey(LABEL);
    lab.kubectl().run("label", "node", "node3", LABEL + (in ? "-" : "=in"));
  }

  private void cut() throws IOException {
    var node = any(troubled);
    lab.cluster().cut(node);
    if (random.nextBoolean()) {
      edit();
    }
    pause(3_000, 20_000);
    lab.cluster().heal(node);
  }

  private void killPeer() {
    var node = any(troubled);
    peers.pods("peer").stream()
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .forEach(this::kill);
  }

  private void kill(String component) {
    peers.pods(component).forEach(this::kill);
  }

  /** And its pod: the kubelet would hold back a container that is killed again and again. */
  private void kill(Pod pod) {
    if (pod.getStatus().getContainerStatuses().stream().anyMatch(ContainerStatus::getReady)) {
      PodProcess.find(pod).ifPresent(PodProcess::kill);
      lab.client().resource(pod).withGracePeriod(0).delete();
    }
  }

  private <T> T any(Collection<T> all) {
    return List.copyOf(all).get(random.nextInt(all.size()));
  }

  /** What passes between two things is part of the load. */
  private void pause(int fromMillis, int toMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(fromMillis, toMillis)).toNanos());
  }

  /** Every cable is where it belongs. */
  void heal() {
    Lab.NODES.forEach(lab.cluster()::heal);
  }

  /** Ends all disturbance and waits until every release is on every node as its spec says. */
  void settle() throws IOException {
    heal();
    lab.kubectl().run("label", "--overwrite", "nodes", "--all", LABEL + "=in");
    for (var name : List.copyOf(suspended)) {
      suspended.remove(name);
      apply(name);
    }
    for (var release : living.entrySet()) {
      tenant.await(release.getKey(), LIMIT, "is Ready on 3/3", Churn::isEverywhere);
      for (var node : Lab.NODES) {
        assertThat(tenant.tree(node, release.getKey()))
            .as(release.getKey() + " on " + node)
            .isEqualTo(release.getValue().content().tree());
      }
    }
    assertNothingIsLeft();
  }

  private static boolean isEverywhere(SwarmRelease release) {
    return Tenant.isReady(release) && release.getStatus().nodes().summary().equals("3/3");
  }

  /** And waits until nothing is left of any. */
  void deleteAll() throws IOException {
    deleted.addAll(living.keySet());
    for (var old : living.values()) {
      forget(old);
    }
    living.clear();
    lab.client().resources(SwarmRelease.class).inNamespace(tenant.namespace()).delete();
    assertNothingIsLeft();
    for (var node : Lab.NODES) {
      var staging = lab.cluster().disk(node).resolve(Lab.ROOT).resolve(".corvid/staging");
      try (var left = Files.newDirectoryStream(staging, tenant.namespace() + ".*")) {
        assertThat(left).as("unfinished on " + node).isEmpty();
      }
    }
  }

  private void assertNothingIsLeft() {
    for (var name : deleted) {
      Awaitility.await(name + " is gone").atMost(LIMIT).until(() -> isGone(name));
    }
  }

  private boolean isGone(String name) {
    return tenant.release(name).get() == null
        && Lab.NODES.stream().noneMatch(node -> Files.exists(tenant.folder(node, name)))
        && lab.client()
            .pods()
            .inNamespace(tenant.namespace())
            .withLabel("corvid.dev/release", name)
            .list()
            .getItems()
            .isEmpty()
        && lab.client()
                .persistentVolumeClaims()
                .inNamespace(tenant.namespace())
                .withName(name)
                .get()
            == null;
  }

  List<String> report() {
    var lines = new ArrayList<String>();
    done.forEach(
        (act, times) ->
            lines.add(act.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + times));
    return lines;
  }
}
