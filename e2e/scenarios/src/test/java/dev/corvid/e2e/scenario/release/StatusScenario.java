package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Command;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people and tools read of a release. */
@Scenario
class StatusScenario {
  private final Tenant tenant;

  StatusScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @Test
  void kubectlWaitsForTheFirstRolloutAndForEveryEdit() throws Exception {
    for (int edit = 0; edit < 3; edit++) {
      var content = SampleRelease.of(20 + edit, 12, 512 << 10);
      tenant.apply("waited", tenant.serve("waited-" + edit + ".tar", content));

      kubectl("wait", "--for=condition=Ready", "swr/waited", "--timeout=120s");

      for (var node : Lab.NODES) {
        assertThat(tenant.tree(node, "waited")).as(node).isEqualTo(content.tree());
      }
    }
  }

  @Test
  void getDescribeAndExplainReadWell() throws Exception {
    tenant.apply("shown", tenant.serve("shown.tar", SampleRelease.of(30, 12, 3 << 20)));
    var revision = tenant.awaitReady("shown").getStatus().currentRevision();

    var table = kubectl("get", "swr", "shown").lines().toList();
    assertThat(table.getFirst().split(" +"))
        .containsExactly(
            "NAME", "VERSION", "ACTIVE", "READY", "REASON", "NODES", "PROGRESS", "AGE");
    assertThat(table.getLast()).contains("shown", revision, "True", "Succeeded", "3/3", "100%");
    assertThat(kubectl("get", "corvid", "-o", "wide")).contains("MESSAGE", "shown", "3.0Mi");
    assertThat(kubectl("describe", "swr", "shown"))
        .contains("Type:", "Ready", "FullyPlaced", revision, "Events:");
    assertThat(kubectl("explain", "swr.spec.source.http.mirrors")).contains("tried in this order");
    assertThat(kubectl("explain", "swr.spec.nodes")).contains("selector", "minimum");
  }

  @Test
  void kstatusSaysInProgressUntilItIsCurrentAndFailedWhenItIsStuck() throws Exception {
    tenant.apply("judged", tenant.serve("judged.tar", SampleRelease.of(31, 12, 1 << 20)));
    var first = kstatus("judged", "120s");
    assertThat(first.exitCode()).as(first.out()).isZero();
    assertThat(first.out().lines()).allMatch(line -> line.matches("(InProgress|Current)\t.*"));
    assertThat(tenant.release("judged").get().getStatus().nodes().summary()).isEqualTo("3/3");

    tenant.apply("judged", tenant.serve("nothing.tar", new Answer.Status(404)));
    tenant.awaitReason("judged", "SourceUnreachable");
    assertThat(kstatus("judged", "5s").out()).startsWith("InProgress\t");
    tenant.apply(
        "judged",
        """
        source:
          http: {url: "%s", digest: "sha256:%s"}
        nodes: {selector: {}}
        """
            .formatted(tenant.lab().source().uri(tenant.path("judged.tar")), "0".repeat(64)));
    tenant.awaitReason("judged", "DigestMismatch");
    assertThat(kstatus("judged", "120s").out()).startsWith("Failed\t");
  }

  @Test
  void aSuspendedReleaseFetchesNothingUntilItIsResumed() throws Exception {
    var url = tenant.serve("suspended.tar", SampleRelease.of(32, 12, 256 << 10));
    var spec = "source: {http: {url: \"%s\"}}\nnodes: {selector: {}}\nsuspend: %s\n";
    tenant.apply("suspended", spec.formatted(url, true));
    tenant.awaitReason("suspended", "Suspended");
    assertThat(tenant.lab().source().requests(url.getPath())).isEmpty();

    tenant.apply("suspended", spec.formatted(url, false));
    tenant.awaitReady("suspended");
  }

  private String kubectl(String... arguments) {
    return tenant.lab().kubectl().with("-n", tenant.namespace()).and(arguments).run();
  }

  /** The real one, as Flux's controllers wait with it; its output has a line for each change. */
  private Command.Outcome kstatus(String release, String timeout) {
    var script = Checkout.root().resolve("e2e/gitops/build.sh").toString();
    var program = Command.of(script).outcome("").out().strip();
    return new Command(
            List.of(program, "kstatus", tenant.namespace(), release, timeout),
            Map.of("KUBECONFIG", tenant.lab().cluster().kubeconfig().toString()),
            Duration.ofMinutes(3))
        .outcome("");
  }
}
