package dev.corvid.e2e.scenario.reason;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Faults;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing is wrong with the source, but with where it is to go, or with who is to fetch it. */
@Scenario
class BadPlaceScenario {
  private static final int NOBODY = 65534;

  private final Tenant tenant;
  private final Lab lab;

  BadPlaceScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @Test
  void aRootThatNobodyOpened() throws Exception {
    apply("nowhere", "root: elsewhere");

    assertThat(tenant.awaitReason("nowhere", "RootUnknown").getMessage())
        .contains("no root named elsewhere", "Helm values");
  }

  @Test
  void aRootThatIsOpenToOthers() throws Exception {
    apply("forbidden", "root: private");

    assertThat(tenant.awaitReason("forbidden", "RootNotAllowed").getMessage())
        .contains("private is not open to the namespace " + tenant.namespace());
  }

  @Test
  void aRootWithASmallerQuota() throws Exception {
    apply("quota", "root: narrow");

    assertThat(tenant.awaitReason("quota", "InsufficientDisk").getMessage())
        .contains("root narrow", "quota of 1Mi");
  }

  @Test
  void noNodeMatches() throws Exception {
    tenant.apply(
        "unmatched",
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {matchLabels: {no: where}}}
        """
            .formatted(content()));

    assertThat(tenant.awaitReason("unmatched", "NoNodesMatched").getMessage())
        .contains("no node matches spec.nodes.selector");
  }

  @Test
  void aRootOfSomebodyElse() throws Exception {
    try {
      for (var node : Lab.NODES) {
        owner(root(node, "locked"), NOBODY);
      }
      apply("locked", "root: locked");

      assertThat(tenant.awaitReason("locked", "RootNotWritable").getMessage())
          .contains("must be mounted read-write and belong to uid 0");
    } finally {
      for (var node : Lab.NODES) {
        owner(root(node, "locked"), 0);
      }
    }
    tenant.awaitReady("locked", Tenant.SOON.multipliedBy(2));
  }

  @Test
  void foreignContentInTheWayIsNotTouched() throws Exception {
    var foreign = tenant.folder("node2", "occupied").resolve("photos/cat.jpg");
    Files.createDirectories(foreign.getParent());
    Files.writeString(foreign, "meow");

    apply("occupied", "");

    assertThat(tenant.awaitReason("occupied", "ForeignContent").getMessage())
        .contains(
            "node2", "occupied/photos is not Corvid's", "move it away, or rename the release");
    assertThat(foreign).hasContent("meow");
  }

  @Test
  void anExhaustedQuota() throws Exception {
    apply("counted", "");
    var active = tenant.awaitReady("counted").getStatus().currentRevision();
    // Of its own, because it holds for a whole namespace.
    var quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName("no-seeders")
            .withNamespace(tenant.namespace())
            .endMetadata()
            .withNewSpec()
            .withHard(Map.of("limits.memory", new Quantity("1Mi")))
            .endSpec()
            .build();
    lab.client().resource(quota).create();
    try {
      lab.client()
          .resource(quota)
          .waitUntilCondition(
              it -> it.getStatus() != null && it.getStatus().getHard() != null,
              30,
              java.util.concurrent.TimeUnit.SECONDS);
      tenant.apply("counted", tenant.serve("more.tar", SampleRelease.saying("more", 3)));

      assertThat(tenant.awaitReason("counted", "SeederRefused").getMessage())
          .contains("exceeded quota: no-seeders", active + " is still active");
    } finally {
      lab.client().resource(quota).delete();
    }
    tenant.awaitReady("counted", Tenant.SOON.multipliedBy(2));
  }

  @Test
  void anImageThatIsNotThere() throws Exception {
    apply("pictured", "");
    var active = tenant.awaitReady("pictured").getStatus().currentRevision();
    try (var _ = Faults.of(lab).withoutPeerImage("node3")) {
      tenant.apply(
          "pictured",
          """
          source: {http: {url: "%s"}}
          nodes: {selector: {}}
          seeder: {nodeSelector: {kubernetes.io/hostname: node3}}
          """
              .formatted(tenant.serve("frame.tar", SampleRelease.saying("frame", 3))));

      assertThat(tenant.awaitReason("pictured", "SeederFailed").getMessage())
          .contains("ErrImageNeverPull", Lab.peerImage(), active + " is still active");
    }
    tenant.awaitReady("pictured", Tenant.SOON.multipliedBy(2));
  }

  @Test
  void seedersThatTheClusterCannotMake() throws Exception {
    lab.kubectl()
        .apply(
            """
            apiVersion: v1
            kind: LimitRange
            metadata: {name: small, namespace: %s}
            spec: {limits: [{type: Container, max: {memory: 64Gi}}]}
            """
                .formatted(tenant.namespace()));
    try {
      apply("unmade", "seeder: {resources: {limits: {memory: 128Gi}, requests: {memory: 1Gi}}}");

      assertThat(tenant.awaitReason("unmade", "SeederRefused").getMessage())
          .contains(
              "the cluster refuses the seeder's pod", "maximum memory usage per Container is 64Gi");
    } finally {
      lab.kubectl().run("-n", tenant.namespace(), "delete", "limitrange", "small");
    }
  }

  private void apply(String name, String more) throws IOException {
    tenant.apply(
        name, "source: {http: {url: \"%s\"}}\nnodes: {selector: {}}\n".formatted(content()) + more);
  }

  /** More than the narrow root takes. */
  private java.net.URI content() throws IOException {
    return tenant.serve("content.tar", SampleRelease.of(50, 10, 2 << 20));
  }

  private Path root(String node, String root) {
    return lab.cluster().disk(node).resolve(root);
  }

  private static void owner(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid);
  }
}
