package dev.corvid.e2e.chart;

import static dev.corvid.e2e.chart.PolicyServer.OPERATOR;
import static dev.corvid.e2e.chart.PolicyServer.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the API server itself refuses the operator, and others, by the chart's policies. */
class ChartAdmissionTest {
  /** A policy is in force some time after it was created: refusals are waited for. */
  private static final Duration IN_FORCE = Duration.ofSeconds(60);

  /** Those that the golden files of the operator are made with. */
  static final Map<String, Object> VALUES =
      Map.of(
          "images",
          Map.of(
              "operator", Map.of("repository", "corvid/operator"),
              "peer", Map.of("repository", "corvid/peer", "tag", "1")),
          "caBundle",
          "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
          "proxy",
          "http://proxy:3128",
          "proxySecret",
          "proxy-login",
          "pods",
          Map.of("env", List.of(Map.of("name", "TZ", "value", "Europe/Berlin"))),
          "seeder",
          Map.of("javaOptions", List.of("-Xss300k")),
          "tracker",
          Map.of("javaOptions", List.of("-Xss300k")),
          "admissionPolicy",
          Map.of("secretNames", List.of("reader", "corvid-*")));

  private static final String OWNER = "(?s)  ownerReferences:.*?(?=spec:)";
  private static final String OWNER_OF_RECORD = "(?s)  ownerReferences:.*?(?=data:)";

  /** What a claim for scratch space may not say: it would be other people's content. */
  private static final List<String> CLAIMS =
      List.of(
          "dataSource: {kind: PersistentVolumeClaim, name: theirs}",
          "dataSourceRef: {kind: PersistentVolumeClaim, name: theirs}",
          "selector: {matchLabels: {of: others}}",
          "volumeName: theirs");

  private static final String FORCED = "--force-conflicts";

  private static final List<String> OVERRIDES =
      List.of(
          "runAsUser: 0",
          "runAsNonRoot: false",
          "seccompProfile: {type: Unconfined}",
          "appArmorProfile: {type: Unconfined}",
          "seLinuxOptions: {type: spc_t}");

  /** As the operator applies it. */
  private static final String STATUS =
      """
      apiVersion: corvid.dev/v1alpha1
      kind: SwarmRelease
      metadata: {name: mine, namespace: search}
      status: {observedGeneration: 1}
      """;

  private static PolicyServer server;

  @BeforeAll
  static void start() throws Exception {
    var binary = ControlPlane.binary();
    assumeThat(binary).as("Kubernetes, built by e2e/kubernetes/build.sh").isPresent();
    server = new PolicyServer(binary.get(), VALUES, "search", "other");
    server
        .kubectl()
        .apply(
            """
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: batch}
            value: 10
            """);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void statusIsTheOperators() {
    server
        .kubectl()
        .apply(
            """
            apiVersion: corvid.dev/v1alpha1
            kind: SwarmRelease
            metadata: {name: mine, namespace: search}
            spec: {source: {http: {url: "https://a.example/a.tar"}}, nodes: {selector: {}}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: everything-of-corvid}
            rules: [{apiGroups: [corvid.dev], resources: ["*"], verbs: ["*"]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: tenant, namespace: search}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything-of-corvid}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: tenant}]
            """);
    var history =
        """
        {"status": {"history": [{"revision": "aaaaaaaaaaaa", "digest": "sha256:%s"}]}}
        """
            .formatted("a".repeat(64));

    await()
        .atMost(IN_FORCE)
        .untilAsserted(
            () ->
                assertThat(patched("tenant", history, "--subresource=status", "--dry-run=server"))
                    .contains("denied request")
                    .contains("is written by the operator alone"));
    assertThat(server.kubectl().with(patch(history, "--subresource=status")).outcome("").err())
        .contains("is written by the operator alone");
    assertThat(
            server.as(
                OPERATOR,
                STATUS,
                "apply",
                "--server-side",
                "--subresource=status",
                FORCED,
                "-f",
                "-"))
        .contains("serverside-applied");
    assertThat(patched("tenant", "{\"spec\": {\"suspend\": true}}")).contains("patched");
  }

  private static String patched(String user, String patch, String... more) {
    return server.as(user, "", patch(patch, more));
  }

  private static String[] patch(String patch, String... more) {
    var words = new ArrayList<>(List.of("patch", "swarmrelease", "mine", "-n", "search"));
    words.addAll(List.of("--type=merge", "-p", patch));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void theOperatorsRightsEnd() {
    refused(volumes());
    refused(claims());
    refused(pods());
    refused(trackers());
    refused(configMaps());
    refused(revisions());

    server
        .kubectl()
        .apply(
            golden("claim.yaml").replaceFirst(OWNER, "")
                + golden("volume.yaml").replace("corvid-11-22", "data")
                + golden("seeder-minimal.yaml").replaceFirst(OWNER, "")
                + golden("controller-revision.yaml").replaceFirst(OWNER_OF_RECORD, ""));
    refusedToDelete("pvc", "model", "no claims but those");
    refusedToDelete("pv", "data", "no PersistentVolumes but those");
    refusedToDelete("pod", "model-seeder-0a1b2c", "no pods but the seeders");
    refusedToDelete(
        "controllerrevision", "model-11507a0e2f5e", "no ControllerRevisions but those of");
  }

  private static String withOptions(String pod) {
    return pod.replaceFirst("(=50\"\n)( *- )(\"-jar)", "$1$2\"-Xss300k\"\n$2$3");
  }

  /** A record of which somebody took the labels stays one; a StatefulSet's becomes none. */
  @Test
  void theOperatorTakesOverNoControllerRevisionsButRecords() {
    server
        .kubectl()
        .apply(
            golden("controller-revision.yaml")
                    .replace("\"model-", "\"bare-")
                    .replaceFirst("(?s)  labels:.*?(?=  name:)", "")
                    .replaceFirst(OWNER_OF_RECORD, "")
                + """
                ---
                apiVersion: apps/v1
                kind: ControllerRevision
                metadata:
                  name: web-11507a0e2f5e
                  namespace: search
                  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: 55-66, controller: true}]
                data: {spec: {template: {}}}
                revision: 1
                ---
                apiVersion: apps/v1
                kind: ControllerRevision
                metadata:
                  name: sealed-11507a0e2f5e
                  namespace: search
                  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: 55-66, controller: true}]
                data: {seal: "0"}
                revision: 1
                """);

    for (String foreign : List.of("web", "sealed")) {
      await()
          .atMost(IN_FORCE)
          .untilAsserted(
              () ->
                  assertThat(takenOver(foreign, "--dry-run=server"))
                      .contains("denied request")
                      .contains("no ControllerRevisions but records of SwarmReleases"));
    }
    assertThat(takenOver("bare")).contains("patched");
  }

  /** As the operator adopts a record. */
  private static String takenOver(String release, String... more) {
    var patch =
        """
        {"metadata": {
          "labels": {"app.kubernetes.io/managed-by": "corvid-operator",
            "app.kubernetes.io/component": "revision", "corvid.dev/release": "%1$s"},
          "ownerReferences": [{"apiVersion": "corvid.dev/v1alpha1", "kind": "SwarmRelease",
            "name": "%1$s", "uid": "11-22", "controller": true}]}}
        """
            .formatted(release);
    var words =
        new ArrayList<>(
            List.of("patch", "controllerrevision", release + "-11507a0e2f5e", "-n", "search"));
    words.addAll(List.of("--type=merge", "-p", patch));
    words.addAll(List.of(more));
    return server.as(OPERATOR, "", words.toArray(String[]::new));
  }

  @Test
  void whatTheOperatorDoesIsNotRefused() {
    for (var file :
        List.of(
            "seeder-minimal",
            "seeder-custom",
            "seeder-placed",
            "claim",
            "volume",
            "controller-revision")) {
      var made =
          withOptions(golden(file + ".yaml"))
              .replace("\"model", "\"made")
              .replace("/model", "/made")
              .replace("corvid-11-22", "corvid-33-44")
              .replace("11-22", "33-44");
      assertThat(server.as(OPERATOR, made, "create", "-f", "-")).as(file).contains(" created");
      assertThat(server.as(OPERATOR, made, "delete", "--wait=false", "-f", "-"))
          .as(file)
          .contains("deleted");
    }
    assertThat(server.toCreation(golden("tracker-deployment.yaml"))).contains("created");
    var authorities =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: corvid-ca, namespace: search}
        data: {ca.crt: a}
        """;
    for (int time = 0; time < 2; time++) {
      assertThat(server.as(OPERATOR, authorities, "apply", "--server-side", "-f", "-"))
          .contains("serverside-applied");
    }
  }

  @Test
  void anUninstallationThatFailsLeavesNoRights() {
    var client = server.client();
    var uninstallation =
        CompletableFuture.supplyAsync(
            () ->
                assertThatThrownBy(() -> server.chart().uninstall())
                    .hasMessageContaining("corvid-uninstall failed"));
    var job =
        client.batch().v1().jobs().inNamespace(Rendered.NAMESPACE).withName("corvid-uninstall");
    await().atMost(IN_FORCE).until(() -> job.get() != null);
    assertThat(client.rbac().clusterRoles().withName("corvid-uninstall").get()).isNotNull();
    job.editStatus(ChartAdmissionTest::failed);
    uninstallation.join();

    assertThat(client.rbac().clusterRoles().withName("corvid-uninstall").get()).isNull();
    assertThat(client.rbac().clusterRoleBindings().withName("corvid-uninstall").get()).isNull();
    assertThat(job.get()).as("for its log").isNotNull();
  }

  /** As the Job's controller says it. */
  private static Job failed(Job job) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    var status = new JobBuilder(job).withNewStatus().withStartTime(now).withFailed(1);
    for (var type : List.of("FailureTarget", "Failed")) {
      status
          .addNewCondition()
          .withType(type)
          .withStatus("True")
          .withLastTransitionTime(now)
          .withLastProbeTime(now)
          .endCondition();
    }
    return status.endStatus().build();
  }

  private static Map<String, String> volumes() {
    var volume = golden("volume.yaml");
    var local = "(?s)  local:.*?(?=  mountOptions)";
    var refused = new LinkedHashMap<String, String>();
    refused.put(volume.replaceFirst(local, "  hostPath: {path: /}\n"), "one of the chart's roots");
    refused.put(
        volume.replaceFirst(local, "  csi: {driver: d, volumeHandle: h}\n"),
        "one of the chart's roots");
    refused.put(volume.replaceFirst(local, "  local: {path: /etc}\n"), "one of the chart's roots");
    refused.put(
        volume.replace("default/search/model", "default/other/model"), "one of the chart's roots");
    refused.put(volume.replace("corvid-11-22", "data"), "only as volumes of SwarmReleases");
    refused.put(
        volume.replace("component: \"volume\"", "component: \"data\""),
        "only as volumes of SwarmReleases");
    refused.put(volume.replace("ReadOnlyMany", "ReadWriteMany"), "volume is read-only");
    refused.put(volume.replace("- \"ro\"", "- \"rw\""), "volume is read-only");
    refused.put(volume.replace("\"Filesystem\"", "\"Block\""), "volume is read-only");
    refused.put(
        volume.replace("    namespace: \"search\"", "    namespace: \"other\""),
        "bound to its release's claim");
    refused.put(volume.replace("\"Retain\"", "\"Delete\""), "bound to its release's claim");
    return refused;
  }

  private static Map<String, String> claims() {
    var claim = golden("claim.yaml");
    var refused = new LinkedHashMap<String, String>();
    refused.put(claim.replaceFirst(OWNER, ""), "SwarmReleases that own them");
    refused.put(claim.replace("    controller: true\n", ""), "SwarmReleases that own them");
    refused.put(
        claim.replaceFirst("  name: \"model\"\n  namespace", "  name: \"data\"\n  namespace"),
        "SwarmReleases that own them");
    refused.put(claim.replace("Name: \"\"", "Name: \"fast\""), "on its release's volume");
    refused.put(claim.replace("\"corvid-11-22\"", "\"corvid-33-44\""), "on its release's volume");
    refused.put(claim.replace("ReadOnlyMany", "ReadWriteMany"), "on its release's volume");
    return refused;
  }

  private static Map<String, String> pods() {
    var pod = golden("seeder-custom.yaml");
    var refused = new LinkedHashMap<String, String>();
    refused.put(pod.replace("MaxRAMPercentage=50", "OnError=sh"), "seeder runs Java with");
    refused.put(pod.replace("-Xss300k", "-Xss301k"), "the chart's seeder.javaOptions give it");
    refused.put(variable(pod, "name: JDK_JAVA_OPTIONS, value: -Xmx1g"), "and nothing else");
    refused.put(variable(pod, "name: LD_PRELOAD, value: /scratch/a.so"), "and nothing else");
    refused.put(pod.replace("Europe/Berlin", "Europe/Paris"), "and nothing else");
    refused.put(
        variable(pod, "name: A, valueFrom: {secretKeyRef: {name: a, key: b}}"),
        "takes nothing from Secrets");
    refused.put(
        pod.replace("    env:\n", "    envFrom: [{secretRef: {name: a}}]\n    env:\n"),
        "takes nothing from Secrets");
    refused.put(pod.replace("- \"--http\"", "- \"--htpp\""), "the arguments that the operator");
    refused.put(pod.replace("- \"seeder\"\n", "- \"peer\"\n"), "in the role of a seeder");
    refused.put(pod.replace("corvid/peer:1", "evil/peer:1"), "a seeder runs corvid/peer:1");
    refused.put(pod.replace("- \"/opt/java/bin/java\"", "- \"/bin/sh\""), "seeder runs Java with");
    refused.put(
        pod.replaceFirst("(?s)    command:.*?    env:\n", "    env:\n"), "seeder runs Java with");
    refused.put(
        pod.replace(
            "    env:\n", "    lifecycle: {postStart: {exec: {command: [java]}}}\n    env:\n"),
        "no privilege");
    refused.put(
        pod.replaceFirst(
            "(?s)livenessProbe:.*?periodSeconds",
            "livenessProbe:\n      exec: {command: [java]}\n      periodSeconds"),
        "no privilege");
    refused.put(
        pod.replace("spec:\n", "spec:\n  hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]\n"),
        "shares nothing with its node");
    refused.put(pod.replaceFirst(OWNER, ""), "seeders that a SwarmRelease owns");
    refused.put(
        variable(
            pod,
            "name: POD_NAME,"
                + " valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['a']\"}}"),
        "takes nothing from Secrets");
    refused.put(
        pod.replace("\"spec.nodeName\"", "\"metadata.annotations['a']\""),
        "takes nothing from Secrets");
    OVERRIDES.forEach(own -> refused.put(overriding(pod, own), "no privilege"));
    refused.put(
        pod.replace("secretName: \"reader\"", "secretName: \"tls\""), "may name the Secret");
    refused.put(
        pod.replace("secretName: \"proxy-login\"", "secretName: \"tls\""), "proxySecret names");
    refused.put(
        pod.replaceFirst("name: \"corvid-ca\"", "name: \"mine\""), "a seeder's volumes are");
    refused.put(
        pod + "  - {name: more, secret: {secretName: reader}}\n", "a seeder mounts one Secret");
    var claimed = placed();
    CLAIMS.forEach(
        own ->
            refused.put(
                claimed.replaceFirst("( +)accessModes:", "$1" + own + "\n$1accessModes:"),
                "a new and empty one"));
    refused.put(claimed.replace("name: \"scratch\"", "name: \"other\""), "a seeder's volumes are");
    return refused;
  }

  /** As it is made with this chart's values. */
  private static String placed() {
    return withOptions(golden("seeder-placed.yaml"));
  }

  private static Map<String, String> revisions() {
    var record = golden("controller-revision.yaml");
    return Map.of(
        record.replaceFirst(OWNER_OF_RECORD, ""), "only as those of SwarmReleases",
        record.replace("    controller: true\n", ""), "only as those of SwarmReleases",
        record.replace("name: \"model-", "name: \"other-"), "only as those of SwarmReleases",
        record.replace("\"revision\"\n", "\"data\"\n"), "only as those of SwarmReleases");
  }

  private static Map<String, String> configMaps() {
    var made = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: %s}, data: {%s}}";
    return Map.of(
        made.formatted("mine", "search", "ca.crt: a"), "and no other ConfigMap",
        made.formatted("corvid-trust", "search", "ca.crt: a"), "and no other ConfigMap",
        made.formatted("corvid-ca", "search", "ca.crt: a, more: b"), "with the key ca.crt");
  }

  private static Map<String, String> trackers() {
    var tracker = golden("tracker-deployment.yaml");
    var refused = new LinkedHashMap<String, String>();
    OVERRIDES.forEach(own -> refused.put(overriding(tracker, own), "no privilege"));
    refused.put(tracker.replace("MaxRAMPercentage=40", "OnError=sh"), "tracker runs Java with");
    refused.put(tracker.replace("-Xss300k", "-Xss301k"), "the chart's tracker.javaOptions give it");
    refused.put(variable(tracker, "name: LD_PRELOAD, value: /tmp/a"), "tracker's environment is");
    refused.put(variable(tracker, "name: JDK_JAVA_OPTIONS, value: -Xmx1g"), "and nothing else");
    refused.put(tracker.replace("- \"--cluster\"\n", "- \"--clutser\"\n"), "the arguments that");
    refused.put(tracker.replace("replicas: 1", "replicas: 2"), "there is one tracker");
    return refused;
  }

  /** In the container's own security context, where it overrides the pod's. */
  private static String overriding(String manifest, String own) {
    return manifest.replaceFirst("(?m)^( *)allowPrivilegeEscalation: false$", "$0\n$1" + own);
  }

  private static String variable(String pod, String variable) {
    return pod.replaceFirst("(?m)^( *)env:$", "$0\n$1- {" + variable + "}");
  }

  private static void refused(Map<String, String> manifests) {
    manifests.forEach(
        (manifest, why) ->
            await()
                .atMost(IN_FORCE)
                .untilAsserted(
                    () ->
                        assertThat(server.toCreation(manifest))
                            .as(manifest)
                            .contains("denied request")
                            .contains(why)));
  }

  private static void refusedToDelete(String kind, String name, String why) {
    await()
        .atMost(IN_FORCE)
        .untilAsserted(
            () ->
                assertThat(
                        server.as(
                            OPERATOR,
                            "",
                            "delete",
                            kind,
                            name,
                            "-n",
                            "search",
                            "--dry-run=server",
                            "--wait=false"))
                    .contains("denied request")
                    .contains(why));
  }
}
