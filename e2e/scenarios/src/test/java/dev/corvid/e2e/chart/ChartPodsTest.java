package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is added to Corvid's pods, and as which user they run. */
class ChartPodsTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  @Test
  void meshesLeaveEveryPodOut() {
    var rendered = Rendered.withDefaults();

    assertThat(templates(rendered))
        .allSatisfy(
            template -> {
              assertThat(template.getMetadata().getLabels())
                  .containsEntry("sidecar.istio.io/inject", "false")
                  .containsEntry("istio.io/dataplane-mode", "none");
              assertThat(template.getMetadata().getAnnotations())
                  .containsEntry("sidecar.istio.io/inject", "false")
                  .containsEntry("linkerd.io/inject", "disabled");
            });
    assertThat(List.of(added(rendered, "tracker"), added(rendered, "seeder")))
        .allSatisfy(
            pod -> {
              assertThat(pod.get("labels").toString()).contains("sidecar.istio.io/inject=false");
              assertThat(pod.get("annotations").toString()).contains("linkerd.io/inject=disabled");
            });
  }

  @Test
  void aComponentsOwnAdditionsComeFirst() {
    var rendered =
        Rendered.with(
            """
            pods: {labels: {team: all, sidecar.istio.io/inject: null}, annotations: {a: all}, env: [{name: TZ, value: UTC}, {name: A, value: a}]}
            operator: {podLabels: {team: operator}, podAnnotations: {a: operator}, env: [{name: TZ, value: Asia/Tokyo}]}
            peer: {podLabels: {team: peer}, env: [{name: TZ, value: Asia/Tokyo}]}
            tracker: {podLabels: {team: tracker}, podAnnotations: {a: tracker}, env: [{name: TZ, value: Asia/Tokyo}]}
            seeder: {podLabels: {team: seeder}, env: [{name: TZ, value: Asia/Tokyo}]}
            """);

    assertThat(templates(rendered))
        .extracting(template -> template.getMetadata().getLabels().get("team"))
        .containsExactly("operator", "peer");
    assertThat(templates(rendered))
        .extracting(template -> template.getMetadata().getAnnotations().get("a"))
        .containsExactly("operator", "all");
    assertThat(templates(rendered))
        .allSatisfy(
            template -> {
              assertThat(template.getMetadata().getLabels())
                  .doesNotContainKey("sidecar.istio.io/inject");
              assertThat(template.getSpec().getContainers().getFirst().getEnv())
                  .extracting(EnvVar::getName, EnvVar::getValue)
                  .contains(tuple("TZ", "Asia/Tokyo"), tuple("A", "a"))
                  .doesNotContain(tuple("TZ", "UTC"));
            });
    assertThat(added(rendered, "tracker").toString())
        .contains("team=tracker", "a=tracker", "Asia/Tokyo")
        .doesNotContain("UTC");
    assertThat(added(rendered, "seeder").toString())
        .contains("team=seeder", "a=all", "Asia/Tokyo")
        .doesNotContain("UTC");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pods: {labels: {app.kubernetes.io/component: mine}} | label app.kubernetes.io/component is Corvid's own
          seeder: {podLabels: {corvid.dev/release: mine}}     | label corvid.dev/release is Corvid's own
          peer: {podAnnotations: {corvid.dev/roots: mine}}    | annotation corvid.dev/roots is Corvid's own
          pods: {env: [{name: POD_IP, value: mine}]}          | variable POD_IP is Corvid's own
          seeder: {env: [{name: CORVID_SEEDER, value: '{}'}]} | variable CORVID_SEEDER is Corvid's own
          pods: {env: [{name: JDK_JAVA_OPTIONS, value: -ea}]} | write the options into operator.javaOptions
          seeder: {env: [{name: JAVA_TOOL_OPTIONS, value: a}]}| write the options into seeder.javaOptions
          """)
  void refusesToReplaceItsOwn(String values, String why) {
    assertThatThrownBy(() -> Rendered.with(values)).hasMessageContaining(why);
  }

  /** Java reports what it takes from the environment in a line that is not JSON. */
  @Test
  void optionsOfJavaAreArguments() {
    var rendered =
        Rendered.with(
            """
            operator: {javaOptions: [-Xss512k]}
            peer: {javaOptions: [-Xss256k, "-Xlog:gc:/tmp/gc"]}
            tracker: {javaOptions: [-Xss300k]}
            seeder: {javaOptions: [-Xss400k]}
            """);

    String java = "/opt/java/bin/java";
    assertThat(command(operator(rendered)))
        .containsExactly(java, "@/app/java.options", "-Xss512k", "-jar", "/app/quarkus-run.jar");
    assertThat(command(peer(rendered)))
        .containsExactly(
            java,
            "@/app/java.options",
            "@/app/heap.options",
            "-Xss256k",
            "-Xlog:gc:/tmp/gc",
            "-jar",
            "/app/corvid-peer.jar");
    assertThat(added(rendered, "tracker").get("javaOptions")).isEqualTo(List.of("-Xss300k"));
    assertThat(added(rendered, "seeder").get("javaOptions")).isEqualTo(List.of("-Xss400k"));
    var plain = Rendered.withDefaults();
    assertThat(command(operator(plain))).isEmpty();
    assertThat(command(peer(plain))).isEmpty();
  }

  @Test
  void theClusterChoosesTheUserIfTold() {
    var fixed = Rendered.withDefaults();
    var chosen = Rendered.with("pods: {fixedUser: false, seLinuxOptions: {level: \"s0:c1,c2\"}}");

    assertThat(operator(fixed).getSecurityContext().getRunAsUser()).isEqualTo(65532);
    var context = operator(chosen).getSecurityContext();
    assertThat(context.getRunAsNonRoot()).isTrue();
    assertThat(context.getRunAsUser()).isNull();
    assertThat(context.getRunAsGroup()).isNull();
    assertThat(context.getFsGroup()).isNull();
    assertThat(context.getSeLinuxOptions().getLevel()).isEqualTo("s0:c1,c2");
    assertThat(config(chosen).get("security"))
        .isEqualTo(Map.of("fixedUser", false, "seLinuxOptions", Map.of("level", "s0:c1,c2")));
    assertThat(peer(chosen).getSecurityContext().getRunAsUser()).isZero();
  }

  @Test
  void seLinuxOptionsOfPeersAreTheirOwn() {
    var rendered = Rendered.with("peer: {seLinuxOptions: {type: spc_t}}");

    assertThat(peer(rendered).getSecurityContext().getSeLinuxOptions().getType())
        .isEqualTo("spc_t");
    assertThat(operator(rendered).getSecurityContext().getSeLinuxOptions()).isNull();
  }

  @Test
  void thePolicyAdmitsTheSameImageFromOtherRepositories() {
    String digest = "sha256:" + "ab".repeat(32);
    String byTag = "images: {peer: {tag: v1, alsoFrom: [mirror.example.com/c/peer]}}";
    String byDigest =
        "images: {peer: {tag: v1, digest: \"%s\", alsoFrom: [mirror.example.com/c/peer]}}";

    assertThat(imagesOfSeeders(byTag))
        .contains("c.image in [\"corvid/peer:v1\",\"mirror.example.com/c/peer:v1\"]");
    assertThat(imagesOfSeeders(byDigest.formatted(digest)))
        .contains(
            "\"corvid/peer@" + digest + '"',
            "\"corvid/peer:v1@" + digest + '"',
            "\"mirror.example.com/c/peer@" + digest + '"',
            "\"mirror.example.com/c/peer:v1@" + digest + '"');
  }

  private static String imagesOfSeeders(String values) {
    return Rendered.with(values)
        .named(ValidatingAdmissionPolicy.class, "corvid-operator-pods")
        .getSpec()
        .getValidations()
        .toString();
  }

  /** Of operator and peer. */
  private static List<PodTemplateSpec> templates(Rendered rendered) {
    return List.of(
        rendered.only(Deployment.class).getSpec().getTemplate(),
        rendered.only(DaemonSet.class).getSpec().getTemplate());
  }

  private static List<String> command(PodSpec pod) {
    return pod.getContainers().getFirst().getCommand();
  }

  private static PodSpec operator(Rendered rendered) {
    return rendered.only(Deployment.class).getSpec().getTemplate().getSpec();
  }

  private static PodSpec peer(Rendered rendered) {
    return rendered.only(DaemonSet.class).getSpec().getTemplate().getSpec();
  }

  private static Map<?, ?> added(Rendered rendered, String component) {
    return (Map<?, ?>) ((Map<?, ?>) config(rendered).get(component)).get("pod");
  }

  private static Map<?, ?> config(Rendered rendered) {
    return JSON.unmarshal(rendered.only(ConfigMap.class).getData().get("config.json"), Map.class);
  }
}
