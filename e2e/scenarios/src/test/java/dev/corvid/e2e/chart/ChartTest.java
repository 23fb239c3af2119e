package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.marcnuri.helm.Helm;
import dev.corvid.wire.Wire;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void helmFindsNothingToSayAgainstIt() {
    var lint = new Helm(Rendered.CHART).lint().strict().call();

    assertThat(lint.getMessages()).noneMatch(message -> !message.startsWith("[INFO]"));
    assertThat(lint.isFailed()).isFalse();
  }

  @Test
  void carriesTheCrdOfTheSources() throws IOException {
    String name = "swarmreleases.corvid.dev.yaml";

    assertThat(Files.readString(Rendered.CHART.resolve("crd").resolve(name)))
        .as("`make crd` copies it")
        .isEqualTo(Files.readString(Rendered.REPOSITORY.resolve("crds").resolve(name)));
  }

  @Test
  void keepsTheCrdWhenItIsUninstalled() {
    var crd = Rendered.withDefaults().only(CustomResourceDefinition.class);

    assertThat(crd.getMetadata().getName()).isEqualTo("swarmreleases.corvid.dev");
    assertThat(crd.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
  }

  @Test
  void leavesTheCrdToOthersIfTold() {
    var rendered = Rendered.with("crds: {install: false}");

    assertThat(rendered.all(CustomResourceDefinition.class)).isEmpty();
  }

  @Test
  void installsTheImagesOfItsOwnVersion() throws IOException {
    String version =
        Files.readString(Rendered.REPOSITORY.resolve("pom.xml"))
            .replaceAll("(?s).*?<version>(.*?)</version>.*", "$1");
    var rendered = Rendered.withDefaults();

    assertThat(operator(rendered).getImage()).isEqualTo("corvid/operator:" + version);
    assertThat(peer(rendered).getImage()).isEqualTo("corvid/peer:" + version);
    assertThat(config(rendered)).contains("\"peerImage\": \"corvid/peer:" + version + '"');
  }

  @Test
  void aDigestPinsAnImageWhateverItsTag() {
    String digest = "sha256:" + "ab".repeat(32);
    var rendered =
        Rendered.with(
            """
            images:
              operator: {repository: r.example.com:5000/corvid/operator, tag: v7}
              peer: {repository: r.example.com:5000/corvid/peer, tag: v7, digest: "%s"}
              pullSecrets: [reader]
            """
                .formatted(digest));

    String pinned = "r.example.com:5000/corvid/peer@" + digest;
    assertThat(peer(rendered).getImage()).isEqualTo(pinned);
    assertThat(config(rendered)).contains('"' + pinned + '"').contains("\"name\": \"reader\"");
    assertThat(operator(rendered).getImage()).isEqualTo("r.example.com:5000/corvid/operator:v7");
    assertThat(pods(rendered))
        .allSatisfy(
            pod -> assertThat(pod.getImagePullSecrets()).extracting("name").containsOnly("reader"));
  }

  @Test
  void rootsReachTheProgramsAndThePeersDisks() throws Exception {
    var rendered =
        Rendered.with(
            """
            roots:
              - name: models
                hostPath: /data/models
                namespaces: [search]
                reserve: 50Gi
                quota: 500Gi
                namespaceQuotas: {search: 100Gi, "*": 10%}
                namespaceFiles: {search: 2000000}
                sharing: Root
                keepAfterSwitch: 2h
                recheckInterval: 168h
              - {name: default, hostPath: /data/rest}
            """);

    String json = rendered.only(ConfigMap.class).getData().get(Roots.FILE);
    assertThat(Wire.decode(json.getBytes(StandardCharsets.UTF_8), Roots.class).roots())
        .containsExactly(
            new Roots.Root(
                "models",
                "/data/models",
                List.of("search"),
                "50Gi",
                "500Gi",
                "2h",
                Map.of("search", "100Gi", "*", "10%"),
                Map.of("search", 2_000_000L),
                "168h",
                Roots.Root.Sharing.ROOT),
            new Roots.Root(
                "default",
                "/data/rest",
                List.of(),
                "20%",
                "80%",
                "10m",
                Map.of("*", "50%"),
                Map.of("*", 1_000_000L),
                "24h",
                Roots.Root.Sharing.NAMESPACE));
    assertThat(peer(rendered).getVolumeMounts())
        .filteredOn(mount -> mount.getMountPath().startsWith("/roots/"))
        .extracting("name", "mountPath")
        .containsExactly(
            tuple("root-models", "/roots/models"), tuple("root-default", "/roots/default"));
    assertThat(rendered.only(DaemonSet.class).getSpec().getTemplate().getSpec().getVolumes())
        .filteredOn(volume -> volume.getHostPath() != null)
        .extracting(volume -> volume.getName() + " " + volume.getHostPath().getPath())
        .containsExactly("root-models /data/models", "root-default /data/rest");
  }

  @Test
  void aRootThatMustExistIsNotMadeAndShowsWhatIsMountedLater() {
    var rendered =
        Rendered.with(
            "roots: [{name: disk, hostPath: /mnt/disk/corvid, mustExist: true}, {name: other,"
                + " hostPath: /data}]");

    assertThat(peerPod(rendered).getVolumes())
        .filteredOn(volume -> volume.getHostPath() != null)
        .extracting(volume -> volume.getHostPath().getType())
        .containsExactly("Directory", "DirectoryOrCreate");
    assertThat(peer(rendered).getVolumeMounts())
        .filteredOn(mount -> mount.getMountPath().startsWith("/roots/"))
        .extracting("mountPropagation")
        .containsExactly("HostToContainer", null);
  }

  @Test
  void everyPodIsConfined() {
    assertThat(pods(Rendered.withDefaults()))
        .hasSize(2)
        .allSatisfy(
            pod -> {
              assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                  .isEqualTo("RuntimeDefault");
              assertThat(pod.getContainers())
                  .allSatisfy(
                      container -> {
                        var context = container.getSecurityContext();
                        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                        assertThat(container.getResources().getLimits()).containsKey("memory");
                      });
            });
  }

  @Test
  void onlyTheOperatorHasCredentialsForTheApi() {
    var rendered = Rendered.withDefaults();

    assertThat(operatorPod(rendered).getAutomountServiceAccountToken()).isTrue();
    assertThat(peerPod(rendered).getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void ceilingsAndPortsReachThePeers() {
    var rendered =
        Rendered.with(
            """
            peer:
              hostNetwork: true
              port: 16881
              httpPort: 19090
              bandwidth: {download: 400Mi, upload: 200Mi}
            """);

    assertThat(peer(rendered).getArgs())
        .contains(
            "--listen=[$(NODE_IP)]:16881",
            "--http=[$(NODE_IP)]:19090",
            "--download-limit=400Mi",
            "--upload-limit=200Mi");
    assertThat(peerPod(rendered).getHostNetwork()).isTrue();
    assertThat(peerPod(rendered).getDnsPolicy()).isEqualTo("ClusterFirstWithHostNet");
  }

  @Test
  void whereSeedersMayFetchFromReachesTheOperator() {
    String config =
        config(
            Rendered.with(
                "{proxy: \"http://proxy:3128\", noProxy: [.svc], proxySecret: login, seeder:"
                    + " {proxyResolves: true, deniedAddresses: [10.96.0.0/12]}}"));

    assertThat(config)
        .contains("\"url\": \"http://proxy:3128\"", "\"resolves\": true", "10.96.0.0/12")
        .contains("\".svc\"", "\"secretName\": \"login\"");
    assertThat(config(Rendered.withDefaults())).doesNotContain("\"proxy\"", "\"caFile\"");
  }

  @Test
  void authoritiesReachTheOperatorInAFile() {
    String bundle = "-----BEGIN CERTIFICATE-----\n" + "A".repeat(300_000);
    var inline = Rendered.with("caBundle: \"%s\"".formatted(bundle.replace("\n", "\\n")));
    var named = Rendered.with("caBundleFrom: {configMap: public, key: bundle.pem}");

    assertThat(inline.named(ConfigMap.class, "corvid-ca-bundle").getData())
        .containsEntry("ca.crt", bundle);
    assertThat(authorities(inline)).isEqualTo("corvid-ca-bundle ca.crt");
    assertThat(authorities(named)).isEqualTo("public bundle.pem");
    assertThat(named.named(ConfigMap.class, "corvid-config").getData().get("config.json"))
        .contains("\"caFile\": \"/etc/corvid/ca/ca.crt\"");
    assertThat(operator(named).getVolumeMounts())
        .extracting("mountPath")
        .contains("/etc/corvid/ca");
  }

  private static String authorities(Rendered rendered) {
    return operatorPod(rendered).getVolumes().stream()
        .filter(volume -> volume.getName().equals("ca"))
        .map(volume -> volume.getConfigMap())
        .map(source -> source.getName() + " " + source.getItems().getFirst().getKey())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listensOnEveryAddressOfAPodButOnOneOfANode() {
    var inPods = peer(Rendered.withDefaults());
    var onNodes = peer(Rendered.with("peer: {hostNetwork: true}"));

    assertThat(inPods.getArgs()).contains("--listen=0.0.0.0:6881", "--http=0.0.0.0:9090");
    assertThat(onNodes.getArgs())
        .contains("--listen=[$(NODE_IP)]:6881", "--http=[$(NODE_IP)]:9090")
        .noneMatch(argument -> argument.contains("0.0.0.0"));
    assertThat(onNodes.getEnv())
        .filteredOn(variable -> variable.getName().equals("NODE_IP"))
        .singleElement()
        .extracting(variable -> variable.getValueFrom().getFieldRef().getFieldPath())
        .isEqualTo("status.hostIP");
  }

  @Test
  void whetherEachReleaseHasMetricsReachesTheOperatorAndThePeers() {
    assertThat(config(Rendered.withDefaults())).contains("\"perRelease\": false");
    assertThat(peer(Rendered.withDefaults()).getArgs()).doesNotContain("--metrics-per-release");
    var rendered = Rendered.with("metrics: {perRelease: true}");
    assertThat(config(rendered)).contains("\"perRelease\": true");
    assertThat(peer(rendered).getArgs()).contains("--metrics-per-release");
  }

  @Test
  void limitsReachTheOperator() {
    assertThat(config(Rendered.with("limits: {releasesPerNamespace: 7, scratch: 1Ti}")))
        .contains("\"releasesPerNamespace\": 7", "\"scratch\": \"1Ti\"", "\"releases\": 1000")
        .contains("\"seedersAtOnce\": 20");
  }

  @Test
  void changedRootsRestartWhoReadsThem() {
    var before = Rendered.withDefaults();
    var after = Rendered.with("roots: [{name: default, hostPath: /elsewhere}]");

    assertThat(annotations(after.only(DaemonSet.class).getSpec().getTemplate()))
        .isNotEqualTo(annotations(before.only(DaemonSet.class).getSpec().getTemplate()));
    assertThat(annotations(after.only(Deployment.class).getSpec().getTemplate()))
        .isNotEqualTo(annotations(before.only(Deployment.class).getSpec().getTemplate()));
  }

  @Test
  void everyObjectSaysThatItIsOurs() {
    assertThat(Rendered.withDefaults().objects())
        .filteredOn(object -> !(object instanceof CustomResourceDefinition))
        .extracting(HasMetadata::getMetadata)
        .allSatisfy(
            metadata ->
                assertThat(metadata.getLabels())
                    .containsEntry("app.kubernetes.io/name", "corvid")
                    .containsKey("app.kubernetes.io/component"));
  }

  private static Object annotations(PodTemplateSpec template) {
    return template.getMetadata().getAnnotations();
  }

  private static List<PodSpec> pods(Rendered rendered) {
    return List.of(operatorPod(rendered), peerPod(rendered));
  }

  private static PodSpec operatorPod(Rendered rendered) {
    return rendered.only(Deployment.class).getSpec().getTemplate().getSpec();
  }

  private static PodSpec peerPod(Rendered rendered) {
    return rendered.only(DaemonSet.class).getSpec().getTemplate().getSpec();
  }

  private static Container operator(Rendered rendered) {
    return operatorPod(rendered).getContainers().getFirst();
  }

  private static Container peer(Rendered rendered) {
    return peerPod(rendered).getContainers().getFirst();
  }

  private static String config(Rendered rendered) {
    return rendered.only(ConfigMap.class).getData().get("config.json");
  }
}
