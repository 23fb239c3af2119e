package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that cannot work, and the sentence that each is refused with. */
@Tag("slow")
class ChartRefusalsTest {
  private static final String UNSOUND =
      """
      --add-opens --add-exports --add-reads --add-modules --limit-modules --patch-module \
      --enable-native-access --source --source=25 -p --module-path --upgrade-module-path \
      -cp -classpath --class-path -jar -m --module --module=a/b \
      -d --describe-module --describe-module=java.base --list-modules --dry-run --validate-modules \
      -version --version -fullversion --full-version -h -help --help --help-extra -? -X \
      -Xinternalversion -Xlog:help -Xshare:dump -XX:+PrintFlagsInitial""";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          images: {peer: {repository: Corvid/Peer}}                   | images.peer.repository is Corvid/Peer: write it like
          images: {operator: {repository: "https://a/b"}}             | images.operator.repository is https://a/b: write it like
          images: {peer: {repository: "corvid/peer:v1"}}              | images.peer.repository is corvid/peer:v1: write it like
          images: {peer: {alsoFrom: ["a/b:v1"]}}                      | images.peer.alsoFrom is a/b:v1: write it like
          roots: [{name: m, hostPath: /.}]                            | hostPath of the root m is /., the node's whole file system
          roots: [{name: m, hostPath: //}]                            | hostPath of the root m is //, the node's whole file system
          roots: [{name: m, hostPath: /./.}]                          | hostPath of the root m is /./., the node's whole file system
          roots: [{name: m, hostPath: /..}]                           | hostPath of the root m is /.., with `..` in it
          roots: [{name: m, hostPath: /a/../b}]                       | hostPath of the root m is /a/../b, with `..` in it
          roots: [{name: m, hostPath: /proc/m}]                       | where the kernel keeps its own files
          roots: [{name: m, hostPath: //dev}]                         | where the kernel keeps its own files
          roots: [{name: a, hostPath: /a}, {name: b, hostPath: //a/}] | the roots a and b are the same directory
          roots: [{name: m, hostPath: /m, quota: "0"}]                | quota of the root m is 0, which has room for nothing
          roots: [{name: m, hostPath: /m, quota: 0%}]                 | quota of the root m is 0%, which has room for nothing
          roots: [{name: m, hostPath: /m, quota: 9Ei}]                | quota of the root m is 9Ei: 7Ei is the most
          roots: [{name: m, hostPath: /m, reserve: 99999999999999T}]  | reserve of the root m is 99999999999999T: 7Ei is the most
          roots: [{name: m, hostPath: /m, namespaceQuotas: {x: 9Ei}}] | quota of the namespace x in the root m is 9Ei
          roots: [{name: m, hostPath: /m, keepAfterSwitch: 721h}]     | keepAfterSwitch of the root m is 721h: write a duration from 0s to 720h, in whole hours, minutes, seconds and milliseconds, such as 10m or 1h30m
          roots: [{name: m, hostPath: /m, recheckInterval: 8760h1ms}] | recheckInterval of the root m is 8760h1ms: write a duration from 0s to 8760h, in whole hours
          peer: {maxUnavailable: 0}                                   | peer.maxUnavailable is 0: write how many
          peer: {maxUnavailable: 0%}                                  | peer.maxUnavailable is 0%: write how many
          peer: {maxUnavailable: 101%}                                | peer.maxUnavailable is 101%: write how many
          peer: {maxUnavailable: -1}                                  | peer.maxUnavailable is -1: write how many
          peer: {maxUnavailable: some}                                | peer.maxUnavailable is some: write how many
          peer: {bandwidth: {upload: 9Ei}}                            | peer.bandwidth.upload is 9Ei: 7Ei is the most
          peer: {resources: {limits: {memory: lots}}}                 | peer.resources.limits.memory is lots, which is no quantity
          operator: {resources: {limits: {cpu: -1}}}                  | operator.resources.limits.cpu is -1, which is no quantity
          seeder: {resources: {requests: {cpu: 1 core}}}              | seeder.resources.requests.cpu is 1 core, which is no quantity
          tracker: {resources: {limits: {memory: 512m}}}              | tracker.resources.limits.memory is 512m: Java does not start
          peer: {resources: {limits: {memory: 512}}}                  | peer.resources.limits.memory is 512: Java does not start
          peer: {resources: {requests: {memory: 1Gi}}}                | peer.resources.requests.memory is 1Gi, more than its limit of 512Mi
          pods: {labels: {"a/b/c": d}}                                | labels or operator.podLabels has the key a/b/c
          peer: {podAnnotations: {a b: c}}                            | peer.podAnnotations has the key a b
          tracker: {nodeSelector: {"a/b/c": d}}                       | tracker.nodeSelector has the key a/b/c
          peer: {tolerations: [{value: a}]}                           | peer.tolerations: one has no key
          peer: {tolerations: [{key: a/b/c, value: d}]}               | peer.tolerations has the key a/b/c: write at most 63
          tracker: {tolerations: [{key: -a, operator: Exists}]}       | tracker.tolerations has the key -a: write at most 63
          peer: {tolerations: [{key: a, value: b c}]}                 | peer.tolerations has the value b c: write at most 63
          peer: {tolerations: [{key: a, value: b_}]}                  | peer.tolerations has the value b_: write at most 63
          operator: {tolerations: [{key: a, tolerationSeconds: 5}]}   | operator.tolerations: tolerationSeconds counts only with effect NoExecute
          peer: {tolerations: [{key: a, effect: NoSchedule, tolerationSeconds: 0}]} | peer.tolerations: tolerationSeconds counts only
          operator: {tolerations: [{operator: Exists, value: a}]}     | operator.tolerations: with operator Exists there is no value
          seeder: {scratchSizeLimit: "0"}                             | seeder.scratchSizeLimit is 0, which has room for nothing
          limits: {scratch: 0Gi}                                      | limits.scratch is 0Gi, which has room for nothing
          proxy: http://proxy:99999                                   | proxy is http://proxy:99999: ports are from 1 to 65535
          proxy: http://proxy:0                                       | proxy is http://proxy:0: ports are from 1 to 65535
          proxy: http://proxy:123456789012345678901234567890          | ports are from 1 to 65535
          proxy: http://my proxy:80                                   | my proxy is no host; write http://host:port
          proxy: http://a/b:80                                        | proxy is http://a/b:80: write http://host:port
          proxy: http://my_proxy:80                                   | my_proxy is no host; write http://host:port
          proxy: http://10.0.0.256:80                                 | 10.0.0.256 is no address
          roots: [{name: m, hostPath: /m, reserve: lots}]             | reserve of the root m is lots: write a share up to 100%, or a size
          roots: [{name: m, hostPath: /m, reserve: 100%}]             | reserve of the root m is 100%, which leaves room for nothing
          roots: [{name: m, hostPath: /m, quota: 5 GB}]               | quota of the root m is 5 GB: write a share
          roots: [{name: m, hostPath: /m, quota: 101%}]               | quota of the root m is 101%: write a share
          roots: [{name: m, hostPath: /m, quota: "-1"}]               | quota of the root m is -1: write a share
          roots: [{name: m, hostPath: /m, namespaceQuotas: {x: 5 GB}}] | quota of the namespace x in the root m is 5 GB: write a share
          roots: [{name: m, hostPath: /m, namespaceQuotas: {x: 101%}}] | quota of the namespace x in the root m is 101%: write a share
          roots: [{name: m, hostPath: /m, keepAfterSwitch: soon}]     | keepAfterSwitch of the root m is soon: write a duration from 0s to 720h
          roots: [{name: m, hostPath: /m, keepAfterSwitch: -1s}]      | keepAfterSwitch of the root m is -1s: write a duration from 0s to 720h
          roots: [{name: m, hostPath: /m, recheckInterval: 1d}]       | recheckInterval of the root m is 1d: write a duration from 0s to 8760h
          roots: [{name: m, hostPath: /m, recheckInterval: 1.5h}]     | recheckInterval of the root m is 1.5h: write a duration
          roots: [{name: m, hostPath: /m, recheckInterval: ""}]       | recheckInterval of the root m is empty: write a duration
          roots: [{name: m, hostPath: /m, keepAfterSwitch: 99999999999h}] | keepAfterSwitch of the root m is 99999999999h: write a duration
          roots: [{name: m, hostPath: /m, keepAfterSwitch: 1h1h1h1h1h}] | keepAfterSwitch of the root m is 1h1h1h1h1h: write a duration
          peer: {bandwidth: {download: fast}}                         | peer.bandwidth.download is fast: write a size such as 20Gi
          peer: {bandwidth: {download: "-1"}}                         | peer.bandwidth.download is -1: write a size such as 20Gi
          seeder: {scratchSizeLimit: 20GB}                            | seeder.scratchSizeLimit is 20GB: write a size such as 20Gi
          proxy: proxy.example.com                                    | proxy is proxy.example.com: write http://host:port
          proxy: https://proxy:443                                    | proxy is https://proxy:443: write http://host:port
          noProxy: ["example.com:80"]                                 | noProxy has example.com:80, which is no IPv6 address
          noProxy: ["*"]                                              | noProxy has *, which is no name
          proxySecret: login                                          | proxySecret is login, and there is no proxy
          noProxy: [10.0.0.0/33]                                      | noProxy has 10.0.0.0/33, which is no block of addresses
          noProxy: [example.com, "fd00::/129"]                        | noProxy has fd00::/129, which is no block of addresses
          noProxy: [10.0.0.256]                                       | noProxy has 10.0.0.256, which is neither an address nor a name
          noProxy: ["10::1::1"]                                       | noProxy has 10::1::1, which is no IPv6 address
          noProxy: ["::ffff:10.0.0.256"]                              | noProxy has ::ffff:10.0.0.256, which is no IPv6 address
          noProxy: ["1:2:3:4:5:6:7:10.0.0.1"]                         | noProxy has 1:2:3:4:5:6:7:10.0.0.1, which is no IPv6 address
          noProxy: [a.example..]                                      | noProxy has a.example.., which is no name
          proxy: http://a..:80                                        | a.. is no host; write http://host:port
          proxy: http://10.0.0.1.:80                                  | 10.0.0.1. is no address
          noProxy: [a..b]                                             | noProxy has a..b, which is no name
          """)
  void sayWhatIsWrong(String values, String sentence) {
    assertThatThrownBy(() -> Rendered.with(values)).hasMessageContaining(sentence);
  }

  /** With these Java takes the next word for theirs, or ends before the program begins. */
  @Test
  void optionsOfJavaLetTheProgramRun() {
    for (var option : UNSOUND.split(" ")) {
      refusesJavaOption("peer", option);
    }
    for (var component : List.of("operator", "tracker", "seeder")) {
      refusesJavaOption(component, "--class-path");
    }
  }

  private static void refusesJavaOption(String component, String option) {
    assertThatThrownBy(() -> Rendered.with(javaOption(component, option)))
        .as(option)
        .hasMessageContaining(
            "%s.javaOptions has %s, with which Java does not run the program"
                .formatted(component, option));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-modules=java.sql",
        "--enable-native-access=ALL-UNNAMED",
        "--enable-preview",
        "-XX:+PrintFlagsFinal",
        "-Xlog:gc:/tmp/gc.log::filecount=2,filesize=10M",
        "-Xlog:gc",
        "-XshowSettings",
        "-Xss512k",
        "-ea",
        "-Ddebug"
      })
  void otherOptionsOfJavaArePassedOn(String option) {
    assertThat(Rendered.with(javaOption("peer", option)).objects()).isNotEmpty();
  }

  private static String javaOption(String component, String option) {
    return "%s: {javaOptions: [\"%s\"]}".formatted(component, option);
  }

  /** Those that the schema refuses by itself, by name and by what would do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          images: {peer: {tag: -1}}                                   | tag
          images: {pullSecrets: [My_Secret]}                          | pullSecrets
          roots: [{name: m, hostPath: "/a\\nb"}]                      | hostPath
          roots: [{name: m, hostPath: /m, quota: -1}]                 | quota
          operator: {replicas: -1}                                    | replicas
          operator: {nodeSelector: {a: b c}}                          | nodeSelector
          operator: {tolerations: [{keys: a}]}                        | tolerations
          operator: {tolerations: [{key: a, effect: NoRun}]}          | effect
          operator: {affinity: {nodes: {}}}                           | affinity
          operator: {priorityClassName: Very High}                    | priorityClassName
          peer: {port: 0}                                             | port
          peer: {port: 65536}                                         | port
          peer: {httpPort: -1}                                        | httpPort
          peer: {httpPort: "9090"}                                    | httpPort
          limits: {seedersAtOnce: -1}                                 | seedersAtOnce
          clusterDomain: cluster local                                | clusterDomain
          clusterDomain: cluster.local..                              | clusterDomain
          caBundleFrom: {configMap: My Bundle}                        | configMap
          """)
  void nameTheValue(String values, String named) {
    assertThatThrownBy(() -> Rendered.with(values))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(named);
  }

  /** Wherever a block of addresses is taken. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "seeder: {allowedAddresses: [\"%s\"]}",
        "seeder: {deniedAddresses: [\"%s\"]}",
        "networkPolicies: {nodeCIDRs: [\"%s\"]}",
        "networkPolicies: {seeders: {egress: [\"%s\"]}}",
        "noProxy: [\"%s\"]"
      })
  void areNoBlocksOfAddresses(String values) {
    for (var text :
        new String[] {
          "10.0.0.0/99",
          "10.0.0/8",
          "256.0.0.0/8",
          "010.0.0.0/8",
          "10.0.0.0/08",
          "fd00::/129",
          "fd00::1::/64",
          "fd00/8",
          "12345::/16",
          "1:2:3:4:5:6:7/64",
          "1:2:3:4:5:6:7:8:9/64",
          ":/8",
          "10.0.0.1/",
          "::ffff:10.0.0.256/128",
          "::ffff:10.0.0.0/95",
          "1:2:3:4:5:6:7:10.0.0.1/128",
          "example.com/8"
        }) {
      assertThatThrownBy(() -> Rendered.with(values.formatted(text)))
          .as(text)
          .hasMessageContaining(
              " has " + text + ", which is no block of addresses: write an address");
    }
    for (var text :
        new String[] {
          "0.0.0.0/0",
          "255.255.255.255/32",
          "::/0",
          "fd00::/8",
          "::1/128",
          "1:2:3:4:5:6:7:8/128",
          "1::8/64",
          "1:2:3:4:5:6:7::/112",
          "2001:DB8:0:1::/64",
          "fe80::1:2:3:4/10",
          "::ffff:10.0.0.0/104",
          "::10.0.0.1/128",
          "64:ff9b::10.0.0.0/96",
          "1:2:3:4:5::10.0.0.1/128",
          "1:2:3:4:5:6:10.0.0.1/128"
        }) {
      assertThat(Rendered.with(values.formatted(text)).objects()).as(text).isNotEmpty();
    }
  }

  /** The name of a volume is a label, of 63 characters at most. */
  @Test
  void aRootsNameHasRoomForItsVolumes() {
    var root = "roots: [{name: %s, hostPath: /m}]";

    assertThatThrownBy(() -> Rendered.with(root.formatted("m".repeat(59))))
        .hasMessageContaining("has a name of 59 characters: 58 is the most");
    assertThat(volumes(Rendered.with(root.formatted("m".repeat(58)))))
        .extracting(Volume::getName)
        .contains("root-" + "m".repeat(58));
  }

  @Test
  void oneDirectoryIsWrittenOneWay() {
    var rendered = Rendered.with("roots: [{name: m, hostPath: //data/./m/}]");

    assertThat(volumes(rendered))
        .filteredOn(volume -> volume.getHostPath() != null)
        .extracting(volume -> volume.getHostPath().getPath())
        .containsExactly("/data/m");
    assertThat(rendered.only(ConfigMap.class).getData().get("roots.json"))
        .contains("\"hostPath\": \"/data/m\"");
    assertThat(
            rendered
                .named(ValidatingAdmissionPolicy.class, "corvid-operator-volumes")
                .getSpec()
                .getValidations()
                .toString())
        .contains("[\"/data/m\"].exists(root,");
  }

  @Test
  void whatWorksIsNotRefused() {
    var rendered =
        Rendered.with(
            """
            images: {operator: {repository: "[fd00::1]:5000/a/b_c"}, peer: {repository: R.example.com/a-b/c.d, tag: v1.0_x}}
            roots: [{name: m, hostPath: /device/procedures, quota: 7Ei, reserve: "0", keepAfterSwitch: 719h59m0060s, recheckInterval: 8759h3600s, namespaceQuotas: {x: "0"}}]
            operator: {resources: {limits: {memory: 536870912, cpu: 1.5}, requests: {cpu: 500m, memory: 0.5Gi}}}
            peer: {maxUnavailable: 100%, bandwidth: {upload: "0"}, tolerations: [{operator: Exists}, {key: a, value: b, effect: NoExecute, tolerationSeconds: 5}, {key: example.com/a, value: ""}, {key: a, value: B.c_d}]}
            limits: {scratch: 30Gi}
            proxy: http://10.0.0.1:65535
            noProxy: [a_b.example.com, _x.example, x_.example, example.com., .svc, localhost, "::1", "::ffff:10.0.0.1", 10.1.2.3, 1.example.com]
            """);

    assertThat(rendered.objects()).isNotEmpty();
  }

  /** The dot that ends a name which is looked up as it is. */
  @Test
  void aNameMayEndWithADot() {
    var rendered =
        Rendered.with("{proxy: http://proxy.example.com.:3128, clusterDomain: cluster.local.}");

    assertThat(
            rendered
                .only(DaemonSet.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getArgs())
        .contains("--tracker=http://corvid-tracker.corvid-system.svc.cluster.local:7070");
    assertThat(rendered.only(ConfigMap.class).getData().get("config.json"))
        .contains("\"clusterDomain\": \"cluster.local\"", "http://proxy.example.com.:3128");
  }

  private static List<Volume> volumes(Rendered rendered) {
    return rendered.only(DaemonSet.class).getSpec().getTemplate().getSpec().getVolumes();
  }
}
