package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.operator.testing.TestQuota;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot work is said by name, in the cluster's own words where it is the cluster's. */
class ApiRefusalTest extends Installation {
  @Test
  void refusesARootThatTheAdminDidNotOpen() {
    applySpec("source: {http: {url: \"https://a/a.tar\"}}, root: elsewhere");

    var release = awaitRelease(found -> is(found, "False", "RootUnknown"));

    assertThat(ready(release).getMessage()).contains("elsewhere").contains("Helm values");
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void refusesARootThatIsNotOpenToTheNamespace() {
    applySpec("source: {http: {url: \"https://a/a.tar\"}}, root: closed");

    awaitRelease(found -> is(found, "False", "RootNotAllowed"));
  }

  @Test
  void theApiServerRefusesWhatCannotBeMeantOfASource() {
    for (String pattern :
        List.of("", "/", "[", "a[", "[]", "{a", "!x", "**/../x", "./a", "a//b", "docs\\\\*")) {
      for (String list : List.of("include", "exclude")) {
        refuses(
            "files: {%s: [\"ok\", \"%s\"]}".formatted(list, pattern),
            "a pattern of %s can match nothing".formatted(list));
      }
    }
    refuses("unpack: {format: None, stripComponents: 1}", "format: None there is one file");
    for (String name : List.of("other/reader", "Reader", "-a", "a..b")) {
      refuses("secretRef: {name: \"%s\"}".formatted(name), "name must be that of a Secret");
    }
  }

  @Test
  void theApiServerRefusesWhatIsNoUrl() {
    for (String url :
        List.of("", "a/a", "ftp://a/a", "http:///a", "https://me:pw@a/a", "http://a b")) {
      String quoted = '"' + url + '"';
      assertThatThrownBy(() -> applySpec("source: {http: {url: %s}}".formatted(quoted)))
          .as(url)
          .hasMessageContaining("spec.source.http.url")
          .hasMessageContaining("url must be http:// or https:// with a host");
      assertThatThrownBy(
              () ->
                  applySpec(
                      "source: {http: {url: \"http://a/a\", mirrors: [%s]}}".formatted(quoted)))
          .as(url)
          .hasMessageContaining("spec.source.http.mirrors")
          .hasMessageContaining("every mirror must be http:// or https:// with a host");
    }
    assertThatThrownBy(() -> applySpec("source: {}"))
        .hasMessageContaining("spec.source.http: Required")
        .hasMessageContaining("exactly one kind of source must be set: write source.http.url");
  }

  @Test
  void theApiServerRefusesAVersionThatNoLabelCanHave() {
    for (String version : List.of("", "-1", "1.0-", "a b", "v1+build", "ü")) {
      refuses("version", version, "version must be fit for a label");
    }
    refuses("version", "a".repeat(64), "may not be more than 63");
    for (String version : List.of("2026.11.20", "V", "a_b-c.d", "a".repeat(63))) {
      applySpec(
          "suspend: true, version: \"%s\", source: {http: {url: \"http://a/a\"}}"
              .formatted(version));
    }
  }

  private void refuses(String field, String value, String message) {
    assertThatThrownBy(
            () ->
                applySpec(
                    "source: {http: {url: \"https://a/a\"}}, %s: \"%s\"".formatted(field, value)))
        .as(value)
        .hasMessageContaining("spec." + field)
        .hasMessageContaining(message);
  }

  @Test
  void theApiServerTakesWhatIsMeant() {
    for (String more :
        List.of(
            "files: {include: [a], exclude: [\"*\", \"**/a?/**\", \"[!a-z]\", \"[]]\", \"[[]\","
                + " \"{a,b/[c]}.md\", \"/a/\", \".git\", \"a..b\"]}",
            "unpack: {format: None, stripComponents: 0}, files: {include: [], exclude: []}",
            "secretRef: {name: a.b-c.1}")) {
      applySpec("suspend: true, source: {http: {url: \"HTTP://a/a\"}, %s}".formatted(more));
    }
  }

  /** What the docs say of Secrets: a type requires keys, and allows others beside them. */
  @Test
  void theApiServerTakesHostsInSecretsOfEitherType() {
    for (var secret :
        Map.of(
                "kubernetes.io/basic-auth",
                Map.of("username", "u", "password", "p", "hosts", "h"),
                "kubernetes.io/tls",
                Map.of("tls.crt", "c", "tls.key", "k", "ca.crt", "a", "hosts", "h"))
            .entrySet()) {
      var created =
          client
              .resource(
                  new SecretBuilder()
                      .withNewMetadata()
                      .withGenerateName("typed-")
                      .withNamespace(namespace)
                      .endMetadata()
                      .withType(secret.getKey())
                      .withStringData(secret.getValue())
                      .build())
              .create();

      assertThat(created.getType()).isEqualTo(secret.getKey());
      assertThat(created.getData()).containsOnlyKeys(secret.getValue().keySet());
    }
  }

  private void refuses(String more, String message) {
    assertThatThrownBy(
            () -> applySpec("source: {http: {url: \"https://a/a\"}, %s}".formatted(more)))
        .as(more)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(message);
  }

  @Test
  void saysWhenNoNodeMatches() {
    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec:
          source: {http: {url: "https://a/a.tar"}}
          nodes: {selector: {matchLabels: {no: where}}}
        """
            .formatted(namespace));

    awaitRelease(found -> is(found, "False", "NoNodesMatched"));
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  /** Nodes that have switched cannot be fewer than before. */
  @Test
  void refusesWavesThatShrink() {
    for (String waves : List.of("{upTo: 50%}, {upTo: 10%}", "{upTo: 5}, {upTo: 1%}, {upTo: 4}")) {
      assertThatThrownBy(() -> applyWaves(waves))
          .hasMessageContaining("spec.rollout.waves")
          .hasMessageContaining("may be less than that of the wave before");
    }
    applyWaves("{upTo: 1}, {upTo: 9%}, {upTo: 2}, {upTo: 10%}");
  }

  private void applyWaves(String waves) {
    applySpec(
        "source: {http: {url: \"https://a/a.tar\"}}, rollout: {waves: [%s, {upTo: 100%%}]}"
            .formatted(waves));
  }

  @Test
  void saysWhichSeederTheClusterCannotMake() {
    applySpec(
        "source: {http: {url: \"https://a/a.tar\"}},"
            + " seeder: {resources: {limits: {memory: 1Gi, hugepages-2Mi: 3Mi}}}");

    var refused = awaitRelease(found -> is(found, "False", "SeederRefused"));

    assertThat(ready(refused).getMessage()).contains("hugepages-2Mi");
  }

  @Test
  void saysWhichClaimTheQuotaRefusesAndRecovers() throws Exception {
    ResourceQuota quota = TestQuota.none(client, namespace, "persistentvolumeclaims");
    Content content = rollOut("a");
    String uid = awaitRelease(found -> true).getMetadata().getUid();

    cluster.makeAvailable(uid);

    var refused = awaitRelease(found -> is(found, "False", "ClaimRefused"));
    assertThat(ready(refused).getMessage()).contains("claim model").contains("exceeded quota");
    client.resource(quota).delete();
    awaitRelease(found -> serves(found, content));
    assertThat(client.persistentVolumeClaims().inNamespace(namespace).withName("model").get())
        .isNotNull();
  }

  @Test
  void saysWhatTheQuotaSaysAndRecovers() {
    ResourceQuota quota = TestQuota.none(client, namespace, "pods");

    apply("a");

    var refused = awaitRelease(found -> is(found, "False", "SeederRefused"));
    assertThat(ready(refused).getMessage()).contains("quota");
    client.resource(quota).delete();
    await().until(() -> cluster.seeders(namespace, "model").size() == 1);
  }
}
