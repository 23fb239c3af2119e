package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.text.DurationFormat;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartSchemaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rootz: []                                                     | rootz
          images: {peer: {digest: "sha256:12"}}                         | digest
          images: {pullPolicy: Sometimes}                               | pullPolicy
          images: {architectures: [x86/64]}                             | architectures
          images: {operator: {alsoFrom: [a/b]}}                         | alsoFrom
          pods: {labels: {a: true}}                                     | labels
          pods: {annotations: {a: 1}}                                   | annotations
          pods: {env: [{name: A}]}                                      | env
          pods: {env: [{name: A, value: "", valueFrom: {}}]}            | env
          seeder: {podLabels: {a: b c}}                                 | podLabels
          peer: {seLinuxOptions: {kind: spc_t}}                         | seLinuxOptions
          pods: {fixedUser: maybe}                                      | fixedUser
          peer: {controlPlane: sometimes}                               | controlPlane
          roots: []                                                     | roots
          roots: [{name: a.b, hostPath: /data}]                         | name
          roots: [{name: models, hostPath: data}]                       | hostPath
          roots: [{name: m, hostPath: /m, namespaceQuotas: {X: 5Gi}}]   | namespaceQuotas
          roots: [{name: m, hostPath: /m, namespaceFiles: {x: -1}}]     | namespaceFiles
          roots: [{name: m, hostPath: /m, namespaceFiles: {X: 1}}]      | namespaceFiles
          roots: [{name: m, hostPath: /m, sharing: All}]                | sharing
          roots: [{name: m, hostPath: /m, mustExist: "yes"}]            | mustExist
          watchNamespaces: [Search]                                     | watchNamespaces
          peer: {port: 80}                                              | port
          peer: {resources: {limits: {memory: null}}}                   | memory
          seeder: {scratchSizeLimit: ""}                                | scratchSizeLimit
          seeder: {proxyResolves: maybe}                                | proxyResolves
          networkPolicies: {monitoringNamespaces: [Prometheus]}         | monitoringNamespaces
          networkPolicies: {seeders: {namespaces: ["*"]}}               | namespaces
          admissionPolicy: {secretNames: ["*-tls"]}                     | secretNames
          roles: {aggregate: all}                                       | aggregate
          limits: {releasesPerNamespace: 0}                             | releasesPerNamespace
          limits: {releases: many}                                      | releases
          limits: {seedersAtOnce: 0}                                    | seedersAtOnce
          limits: {scratch: ""}                                         | scratch
          limits: {nodes: 5}                                            | nodes
          metrics: {perRelease: some}                                   | perRelease
          operator: {javaOptions: [Xmx1g]}                              | javaOptions
          peer: {javaOptions: ["-Xlog:gc -Xmx1g"]}                      | javaOptions
          tracker: {javaOptions: -Xmx1g}                                | javaOptions
          seeder: {javaOptions: ["@/scratch/options"]}                  | javaOptions
          proxySecret: Login                                            | proxySecret
          caBundle: /etc/ssl/ca.pem                                     | caBundle
          caBundleFrom: {secret: a}                                     | secret
          """)
  void refusesWhatCannotBeMeant(String values, String named) {
    assertThatThrownBy(() -> Rendered.with(values))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({
    "/data, /data",
    "/data, /data/",
    "/data, /data//./",
    "/data, /data/in",
    "/data/in, /data"
  })
  void refusesRootsThatOverlap(String one, String other) {
    assertThatThrownBy(
            () ->
                Rendered.with(
                    "roots: [{name: a, hostPath: %s}, {name: b, hostPath: %s}]"
                        .formatted(one, other)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the roots a and b are the same directory, or one is in the other");
  }

  @ParameterizedTest
  @CsvSource({
    "'', operator",
    "'images: {operator: {repository: r.example.com/operator}}', peer",
    "'images: {peer: {repository: r.example.com/peer}}', operator"
  })
  void refusesToGuessAnImage(String values, String missing) {
    assertThatThrownBy(() -> Rendered.yaml(values))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("images." + missing + ".repository is empty")
        .hasMessageContaining("`make images PUSH=registry/prefix` pushes them");
  }

  @Test
  void refusesWhatTheSchemaCannotSay() {
    String pem = "-----BEGIN CERTIFICATE-----";

    assertThatThrownBy(() -> Rendered.with("proxy: \"http://user:word@proxy:3128\""))
        .hasMessageContaining("name a Secret with the keys username and password in proxySecret");
    assertThatThrownBy(
            () -> Rendered.with("{caBundle: %s, caBundleFrom: {configMap: a}}".formatted(pem)))
        .hasMessageContaining("caBundle and caBundleFrom.configMap are both set");
    assertThatThrownBy(() -> Rendered.with("caBundle: " + pem + "A".repeat(400_000)))
        .hasMessageContaining("caBundle has 400027 bytes")
        .hasMessageContaining("name that in caBundleFrom.configMap");
  }

  @Test
  void refusesAPortForTwo() {
    assertThatThrownBy(() -> Rendered.with("peer: {port: 9090}"))
        .hasMessageContaining("peer.port and peer.httpPort are both 9090");
  }

  @ParameterizedTest
  @ValueSource(strings = {"roots: null", "peer: null", "limits: null", "images: {operator: null}"})
  void refusesWhatIsTakenAwayByName(String values) {
    assertThatThrownBy(() -> Rendered.with(values))
        .hasMessageContaining(values.replaceAll(".*?(\\w+): null.*", "$1"))
        .hasMessageNotContaining("nil pointer");
  }

  @Test
  void refusesTwoRootsOfOneName() {
    assertThatThrownBy(
            () -> Rendered.with("roots: [{name: a, hostPath: /one}, {name: a, hostPath: /two}]"))
        .hasMessageContaining("two roots are called a");
  }

  /** A pattern in the schema would be shown to the user in place of a sentence. */
  @Test
  void durationsAreThoseOfASwarmRelease() throws IOException {
    var checks = Files.readString(Rendered.CHART.resolve("templates/_checks.tpl"));
    var schema = Files.readString(Rendered.CHART.resolve("values.schema.json"));

    assertThat(checks).contains('"' + DurationFormat.GRAMMAR + '"').contains(DurationFormat.WORDS);
    assertThat(schema).contains(DurationFormat.GRAMMAR).doesNotContain("pattern\": \"^([0-9]{1,5}");
  }

  @Test
  void admitsEveryValueAtOnce() {
    var rendered =
        Rendered.with(
            """
            pods: {labels: {a: b}, annotations: {c: "1 2"}, env: [{name: A, value: ""}], fixedUser: false, seLinuxOptions: {level: s0, role: r, type: t, user: u}}
            images: {peer: {alsoFrom: [a.example.com:5000/b]}, architectures: [amd64, arm64], pullPolicy: Always, pullSecrets: [a, b]}
            crds: {install: true}
            roots: [{name: m, hostPath: /m, mustExist: true, namespaces: [x], reserve: 5%, quota: 1.5Ti, keepAfterSwitch: 720h, namespaceQuotas: {x: 1Ti, "*": 10%}, namespaceFiles: {x: 10, "*": 0}, sharing: Root, recheckInterval: 0s}, {name: second, hostPath: /mm, quota: 100%, namespaceQuotas: {}, namespaceFiles: {}}, {name: third, hostPath: /n, quota: ""}]
            watchNamespaces: [search, ads]
            operator: {javaOptions: [-Xss512k], replicas: 2, nodeSelector: {a: b}, tolerations: [{key: k}], priorityClassName: p}
            peer: {javaOptions: [-Xss512k, "-Xlog:gc:/tmp/gc.log"], podLabels: {a: b}, podAnnotations: {a: b}, env: [{name: B, value: b}], seLinuxOptions: {type: spc_t}, controlPlane: true, priorityClassName: system-node-critical, maxUnavailable: 3, bandwidth: {download: "1000"}}
            tracker: {javaOptions: [-Xss512k], nodeSelector: {a: b}}
            metrics: {perRelease: true}
            seeder: {javaOptions: [-Xss512k], scratchSizeLimit: 1Ti, allowedAddresses: ["127.0.0.1/32", "fe80::/10"], deniedAddresses: [10.96.0.0/12], proxyResolves: true}
            roles: {aggregate: false}
            limits: {releasesPerNamespace: 5, releases: 10, seedersAtOnce: 2, scratch: 4Ti}
            proxy: http://proxy.example.com:3128
            caBundle: |
              -----BEGIN CERTIFICATE-----
              AAAA
              -----END CERTIFICATE-----
            noProxy: [example.com, .svc, 10.0.0.0/8, "fd00::/8", 10.1.2.3]
            proxySecret: login
            clusterDomain: example.local
            networkPolicies: {enabled: true, monitoringNamespaces: [m], nodeCIDRs: [10.0.0.0/8], seeders: {namespaces: [ads], egress: ["fd00::/8"]}}
            admissionPolicy: {enabled: false, secretNames: [reader, "corvid-*"]}
            uninstall: {release: false}
            """);

    assertThat(rendered.objects()).isNotEmpty();
  }
}
