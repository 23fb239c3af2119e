package dev.corvid.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.cluster.AuditLog;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.content.SampleRelease;
import java.nio.file.Files;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart grants, refuses, and leaves behind. */
@Scenario
class ChartScenario {
  private final Tenant tenant;
  private final Lab lab;

  ChartScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @Test
  void noCallOfTheOperatorLacksARight() throws Exception {
    tenant.apply("rights", tenant.serve("rights.tar", SampleRelease.of(40, 10, 1 << 20)));
    tenant.awaitReady("rights");
    tenant.delete("rights");

    var calls = lab.cluster().auditLog().callsOf(Lab.OPERATOR, Instant.EPOCH);
    assertThat(calls).anyMatch(AuditLog.Call::authorized);
    assertThat(calls.stream().filter(call -> !call.authorized())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          image: evil/peer:1               | a seeder runs
          args: [peer]                     | in the role of a seeder
          command: [/opt/java/bin/java]    | no privilege
          envFrom: [{secretRef: {name: a}}] | takes nothing from Secrets
          env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}] | takes nothing from Secrets
          """)
  void aStolenOperatorCanStartOnlySeeders(String field, String refusal) {
    assertThat(createdByTheOperator(field)).contains("denied request").contains(refusal);
  }

  @Test
  void whatIsRefusedIsTheDeviationAndNotTheSeeder() {
    assertThat(createdByTheOperator("stdin: false")).contains("created (server dry run)");
  }

  @Test
  void uninstallingKeepsTheContentAndHoldsNothingUp() throws Exception {
    tenant.apply("kept", tenant.serve("kept.tar", SampleRelease.of(41, 10, 1 << 20)));
    tenant.awaitReady("kept");
    var chart = new Chart(lab.cluster().kubeconfig(), Lab.SYSTEM);
    try {
      chart.uninstall();

      assertThat(tenant.release("kept").get().getMetadata().getFinalizers()).isEmpty();
      tenant.delete("kept");
      assertThat(Lab.NODES)
          .allSatisfy(node -> assertThat(tenant.folder(node, "kept").resolve("current")).exists());
    } finally {
      lab.installChart();
    }
  }

  @Test
  void installedAgainTheOperatorFindsWhatIsThere() throws Exception {
    var url = tenant.serve("found.tar", SampleRelease.of(42, 10, 1 << 20));
    tenant.apply("found", url);
    var before = tenant.awaitReady("found").getStatus().currentRevision();
    int requests = lab.source().requests(url.getPath()).size();

    new Chart(lab.cluster().kubeconfig(), Lab.SYSTEM).uninstall();
    lab.installChart();

    var after = tenant.awaitReady("found").getStatus().currentRevision();
    assertThat(after).isEqualTo(before);
    assertThat(lab.source().requests(url.getPath())).hasSize(requests);
    for (String node : Lab.NODES) {
      assertThat(Files.readSymbolicLink(tenant.folder(node, "found").resolve("current")))
          .hasFileName(before);
    }
  }

  /** What the API server says to a seeder's pod with this field of its container. */
  private String createdByTheOperator(String field) {
    String key = field.substring(0, field.indexOf(':'));
    String container =
        """
        name: seeder
        image: %s
        args: [seeder]
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        """
            .formatted(Lab.peerImage())
            .lines()
            .filter(line -> !line.startsWith(key + ":"))
            .reduce("", (all, line) -> all + line + "\n");
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: stolen
          namespace: %s
          labels: {app.kubernetes.io/component: seeder}
          ownerReferences: [{apiVersion: corvid.dev/v1alpha1, kind: SwarmRelease, name: x, uid: x}]
        spec:
          automountServiceAccountToken: false
          securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
          containers:
          -
        """
                .formatted(tenant.namespace())
            + (container + field).indent(4);
    var outcome =
        lab.kubectl()
            .with("create", "--as", Lab.OPERATOR, "--dry-run=server", "-f", "-")
            .outcome(pod);
    return outcome.out() + outcome.err();
  }
}
