package dev.corvid.operator;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.ReleaseMetrics;
import dev.corvid.reference.Scraped;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator registers, without a cluster; ProgramIT asks the packaged program. */
class OperatorMetricsTest {
  private static final SwarmRelease RELEASE =
      Serialization.unmarshal(
          """
          apiVersion: corvid.dev/v1alpha1
          kind: SwarmRelease
          metadata: {name: model, namespace: search}
          spec: {source: {http: {url: "https://a/m.tar.gz"}}, nodes: {selector: {}}}
          status:
            conditions: [{type: Ready, status: "True", reason: Succeeded}]
            nodes: {desired: 1}
            currentRevision: 0123456789ab
          """,
          SwarmRelease.class);

  @TempDir Path directory;

  @Test
  void everyFamilyIsDocumented() throws Exception {
    registered(false).isWellNamed().isDocumentedAs("Operator");
  }

  @Test
  void andThoseOfEachRelease() throws Exception {
    registered(true)
        .isWellNamed()
        .isDocumentedAs(
            "Operator, with metrics.perRelease",
            name -> name.startsWith("corvid_operator_release_"));
  }

  private Scraped registered(boolean perRelease) throws Exception {
    // Nothing is asked of it.
    var nowhere = new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:1").build();
    try (var client = new KubernetesClientBuilder().withConfig(nowhere).build()) {
      Wiring.Program program =
          RunningOperator.assemble(
              client,
              directory,
              URI.create("http://127.0.0.1:1"),
              "{\"peerImage\":\"corvid/peer:test\"}");
      var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new Wiring.Program(
              program.controller(),
              program.election(),
              new ReleaseMetrics(() -> List.of(RELEASE), perRelease))
          .register(prometheus, prometheus);
      return Scraped.of(prometheus.scrape());
    }
  }
}
