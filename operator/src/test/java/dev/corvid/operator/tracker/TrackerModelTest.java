package dev.corvid.operator.tracker;

import dev.corvid.operator.OperatorConfig;
import dev.corvid.operator.testing.Golden;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackerModelTest {
  private final TrackerModel model =
      new TrackerModel(
          Serialization.unmarshal(
              """
              peerImage: corvid/peer:1
              imagePullSecrets: [{name: pull}]
              tracker: {nodeSelector: {role: infra}, tolerations: [{key: infra, operator: Exists}]}
              """,
              OperatorConfig.class),
          "corvid-system");

  @Test
  void makesARestrictedDeploymentOfOne() throws Exception {
    Golden.assertEqual(model.deployment(List.of()), "tracker-deployment.yaml");
  }

  @Test
  void makesAServiceThatNeedsNoReadiness() throws Exception {
    Golden.assertEqual(model.service(List.of()), "tracker-service.yaml");
  }
}
