package dev.corvid.operator.tracker;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.testing.Golden;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackerObjectsTest {
  private final TrackerObjects objects =
      new TrackerObjects(
          Serialization.unmarshal(
              """
              peerImage: corvid/peer:1
              imagePullSecrets: [{name: pull}]
              security: {seLinuxOptions: {level: "s0:c1,c2"}}
              tracker:
                nodeSelector: {role: infra}
                tolerations: [{key: infra, operator: Exists}]
                pod:
                  labels: {sidecar.istio.io/inject: "false"}
                  annotations: {linkerd.io/inject: disabled}
                  env: [{name: TZ, value: Europe/Berlin}]
                  javaOptions: [-Xss300k]
              """,
              OperatorConfig.class),
          "corvid-system");

  @Test
  void makesARestrictedDeploymentOfOne() throws Exception {
    Golden.assertEqual(objects.deployment(List.of()), "tracker-deployment.yaml");
  }

  @Test
  void makesAServiceThatNeedsNoReadiness() throws Exception {
    Golden.assertEqual(objects.service(List.of()), "tracker-service.yaml");
  }
}
