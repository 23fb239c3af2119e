package dev.corvid.e2e.scenario.reason;

import static dev.corvid.e2e.scenario.Figures.seconds;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.PodProcess;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whatever keeps a release from going on has a name within a minute, and it goes on by itself. */
@Scenario(megabits = 50)
class StuckScenario {
  private static final Duration A_MINUTE = Duration.ofSeconds(75); // to be told, too
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long BYTES = 40L << 20;
  private static final String LONELY = "lonely";
  private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

  private final Tenant tenant;
  private final Lab lab;

  StuckScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @AfterAll
  void putBack() {
    lab.kubectl().run("label", "nodes", "--all", LONELY + "-");
  }

  @Test
  void noNodeTakesTheSeeder() throws Exception {
    var url = tenant.serve("homeless.tar", SampleRelease.of(150, 12, 1 << 20));
    tenant.apply("homeless", url, "nowhere");

    named("no node takes the seeder", "homeless", "SeederUnschedulable", "");

    tenant.apply("homeless", url);
    tenant.awaitReady("homeless");
  }

  @Test
  void noPeerRunsOnAnyNodeThatMatches() throws Exception {
    lab.kubectl().run("label", "node", "node3", LONELY + "=yes");
    lab.kubectl().run("label", "node", "node3", CONTROL_PLANE + "="); // no place for peers
    try {
      tenant.apply(
          "unserved",
          """
          source: {http: {url: "%s"}}
          nodes: {selector: {matchLabels: {%s: "yes"}}}
          """
              .formatted(tenant.serve("unserved.tar", SampleRelease.of(151, 12, 1 << 20)), LONELY));

      named("no peer runs on the node", "unserved", "PeerMissing", "no Corvid peer runs");
    } finally {
      lab.kubectl().run("label", "node", "node3", CONTROL_PLANE + "-");
    }
    tenant.awaitReady("unserved", LIMIT);
  }

  @Test
  void nothingMovesForLongerThanTheSpecAllows() throws Exception {
    var content = SampleRelease.of(152, 12, 1 << 20);
    var file = content.archive(lab.archives().resolve(tenant.namespace() + "-late.tar"));
    var url = tenant.serve("late.tar", new Answer.Stalled(file, 100_000));
    tenant.apply(
        "late",
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        rollout: {progressDeadline: 5s}
        """
            .formatted(url));

    named("no progress", "late", "ProgressDeadlineExceeded", "no progress on any node for 5s");

    tenant.serve("late.tar", new Answer.Content(file));
    tenant.awaitReady("late", LIMIT);
  }

  @Test
  void theTrackerHangs() throws Exception {
    var tracker = PodProcess.of(Peers.of(lab).pods("tracker").getFirst());
    var content = SampleRelease.of(153, 12, 1 << 20);
    tracker.freeze();
    try {
      tenant.apply("deaf", tenant.serve("deaf.tar", content));

      named("the tracker hangs", "deaf", "TrackerUnavailable", "transfers continue without it");
    } finally {
      tracker.thaw(); // unless the kubelet has put another in its place
    }
    tenant.awaitReady("deaf", LIMIT);
  }

  @Test
  void nobodyHoldsWhatIsMissing() throws Exception {
    var content = SampleRelease.of(154, 20, BYTES);
    var nodes = List.of("node2", "node3");
    var placement = Placement.of(tenant, "orphaned", content, nodes);
    var url = tenant.serve("orphaned.tar", content);
    var archive = lab.archives().resolve(tenant.namespace() + "-orphaned.tar");
    // Beside the seeder a node would have a copy in no time.
    tenant.apply(
        "orphaned",
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {matchExpressions: [{key: kubernetes.io/hostname, operator: NotIn, values: [node1]}]}}
        seeder: {nodeSelector: {kubernetes.io/hostname: node1}}
        """
            .formatted(url));
    placement.awaitPercent("node2", 20);

    tenant.serve("orphaned.tar", new Answer.Status(503));
    lab.client()
        .pods()
        .inNamespace(tenant.namespace())
        .withLabel("corvid.dev/release", "orphaned")
        .withGracePeriod(0)
        .delete();
    var killed = Instant.now();
    tenant.await("orphaned", A_MINUTE, "names the source", StuckScenario::isWithoutSource);
    tenant.await("orphaned", A_MINUTE, "names its nodes", StuckScenario::isWithoutHolders);
    Figures.record(
        "nobody holds what is missing",
        List.of("NoSeedsReachable on the nodes after " + seconds(killed, Instant.now())));

    tenant.serve("orphaned.tar", new Answer.Content(archive));
    tenant.awaitReady("orphaned", LIMIT);
    tenant.assertOn(nodes, "orphaned", content);
  }

  private static boolean isWithoutSource(SwarmRelease release) {
    return Tenant.condition(release, "Ready")
        .filter(ready -> ready.getReason().equals("SourceUnreachable"))
        .isPresent();
  }

  private static boolean isWithoutHolders(SwarmRelease release) {
    return release.getStatus().failures().stream()
        .anyMatch(failure -> failure.reason().equals("NoSeedsReachable"));
  }

  private void named(String what, String release, String reason, String message)
      throws IOException {
    var begin = Instant.now();
    var said = tenant.awaitReason(release, reason, message, A_MINUTE).getMessage();
    Figures.record(what, List.of(reason + " after " + seconds(begin, Instant.now()), said));
  }
}
