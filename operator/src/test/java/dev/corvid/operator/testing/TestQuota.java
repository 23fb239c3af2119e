package dev.corvid.operator.testing;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Quotas as the quota controller would write them. */
public final class TestQuota {
  private TestQuota() {}

  /** Admits none of that resource. */
  public static ResourceQuota none(KubernetesClient client, String namespace, String resource) {
    var quota =
        client
            .resource(
                new ResourceQuotaBuilder()
                    .withNewMetadata()
                    .withName("tight")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .addToHard(resource, new Quantity("0"))
                    .endSpec()
                    .build())
            .create();
    quota.setStatus(
        new ResourceQuotaStatusBuilder()
            .addToHard(resource, new Quantity("0"))
            .addToUsed(resource, new Quantity("0"))
            .build());
    return client.resource(quota).updateStatus();
  }
}
