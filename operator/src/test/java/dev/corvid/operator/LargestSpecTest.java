package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The API server estimates what the CRD's rules may cost when it gets the CRD, which all of these
 * tests apply, and counts what they do cost with each object.
 */
@ExtendWith(RealApi.class)
class LargestSpecTest {
  /** Bytes of JSON; nearly what the schema's own test says is the most. */
  private static final int LARGE = 50 << 10;

  @Test
  void everyListAndTextMayBeAsLongAsTheSchemaSays(ApiServer server) throws Exception {
    try (var client = server.client()) {
      var cluster = new TestCluster(client);
      cluster.install(Installation.CRD);
      cluster.namespace("largest");
      JSONSchemaProps schema;
      try (var in = Files.newInputStream(Installation.CRD)) {
        schema =
            Serialization.unmarshal(in, CustomResourceDefinition.class)
                .getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("spec");
      }
      JsonNode spec = LargestSpec.of(schema);

      long before = System.nanoTime();
      String refusal = new AppliedSpec(client, "largest").refusal(spec.toString());

      assertThat(refusal).isEmpty();
      assertThat(spec.toString().length()).isGreaterThan(LARGE);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(1));
    }
  }
}
