package dev.corvid.e2e.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.attack.IdleConnections;
import dev.corvid.e2e.attack.RogueClient;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Any pod, with no right at all: behind the policies, and in a network that enforces none. {@code
 * make hostile}.
 */
@Scenario
@EnabledIfSystemProperty(named = "hostile", matches = "true")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostilePodScenario {
  private static final String HELD = "held";
  private static final int SECONDS = 30;

  /** Six probes, ten seconds apart, and the kubelet restarts a container. */
  private static final int PROBED_SECONDS = 80;

  private final Lab lab;
  private final Victims victims;
  private final Attacker pod;
  private final AttackReport report = new AttackReport("pod");
  private Lab.OpenNetwork open;

  HostilePodScenario(Tenant tenant) throws IOException {
    this.lab = tenant.lab();
    this.victims = new Victims(tenant);
    this.pod = new Attacker(Tenant.in(lab, "stranger"));
  }

  @BeforeAll
  void release() throws Exception {
    var tenant = victims.tenant();
    tenant.apply(HELD, tenant.serve("held.tar", SampleRelease.of(9_900, 12, 8 << 20)));
    tenant.awaitReady(HELD);
    report.add("nothing", victims.undisturbed());
  }

  @AfterAll
  void leave() throws IOException {
    report.record();
    if (open != null) {
      open.close();
    }
    pod.tenant().leave();
  }

  @Test
  @Order(1)
  void behindThePoliciesNoPortIsOpen() throws Exception {
    var ports = Ports.of(lab).all();
    var outcome =
        victims.during(() -> () -> Ports.openOf(pod, true, 4, ports).size() + " connections");

    report.add("every port, policies enforced", outcome);
    assertThat(outcome.got()).isEqualTo("0 connections");
  }

  @Test
  @Order(2)
  void idleConnectionsRestartNothing() throws Exception {
    open = lab.withoutPolicies();
    var ports = new ArrayList<>(Ports.of(lab).telemetry());
    ports.addAll(Ports.of(lab).of("peer", 6881));
    ports.addAll(Ports.of(lab).of("tracker", 7070));
    assertThat(Ports.openOf(pod, true, 60, ports)).hasSameSizeAs(ports);

    withstood("200 idle connections to each port, no policies", "200", PROBED_SECONDS, "", ports);
  }

  @Test
  @Order(3)
  void halfRequestsRestartNothing() throws Exception {
    var ports =
        Stream.concat(
                Ports.of(lab).of("tracker", 7070).stream(), Ports.of(lab).telemetry().stream())
            .toList();

    withstood(
        "1,000 half-sent requests to each HTTP port",
        "1000",
        SECONDS,
        "POST /v1/push HTTP/1.1\\nHost: x\\nX-Filler: @",
        ports);
  }

  private void withstood(
      String tried, String count, int seconds, String beginning, List<String> ports)
      throws Exception {
    var arguments = new ArrayList<>(List.of(count, Integer.toString(seconds), beginning));
    arguments.addAll(ports);
    var outcome =
        victims.during(() -> pod.begin(IdleConnections.class, arguments.toArray(String[]::new)));

    report.add(tried, outcome);
    assertThat(outcome.restarted()).isEmpty();
  }

  @Test
  @Order(4)
  void whoKnowsTheInfoHashReadsNothing() throws Exception {
    var outcome = speaking("leech", victims.tenant().recorded(HELD).content().infoHash());

    report.add("BitTorrent with the info-hash of a ControllerRevision", outcome);
    assertThat(outcome.got()).startsWith("0 handshakes answered, 0 bytes");
  }

  @Test
  @Order(5)
  void aCrowdWithAPeersOwnIdShutsNobodyOut() throws Exception {
    var outcome = speaking("crowd", leaked());

    report.add("64 connections a peer, its own peer id, a leaked swarm name", outcome);
    assertThat(outcome.restarted()).isEmpty();
  }

  @Test
  @Order(6)
  void aFloodOfMessagesRestartsNothing() throws Exception {
    var outcome = speaking("flood", leaked());

    report.add("HAVE as fast as it is taken, a leaked swarm name", outcome);
    assertThat(outcome.restarted()).isEmpty();
  }

  /** What a compromised node could tell. */
  private String leaked() {
    return new StolenNode(lab, "node1").swarmOf(victims.tenant().namespace(), HELD);
  }

  private Victims.Outcome speaking(String kind, String hash) throws Exception {
    var arguments = new ArrayList<>(List.of(kind, hash, Integer.toString(SECONDS)));
    arguments.addAll(Ports.of(lab).of("peer", 6881));
    return victims.during(() -> pod.begin(RogueClient.class, arguments.toArray(String[]::new)));
  }
}
