package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/**
 * Removes a release's finalizer, as a step of ours: where the framework does it, a refusal is told
 * in the log only. It is still the framework that adds it: see {@link FinalizerRefusals}.
 */
final class FinalizerRemoval {
  private FinalizerRemoval() {}

  /**
   * Removes it from that version of the release. The framework's own way repeats at once what a
   * policy refuses with 422, and then hides the policy's words.
   */
  static void remove(SwarmRelease release, Context<SwarmRelease> context) {
    try {
      context
          .resourceOperations()
          .resourcePatch(
              release,
              seen -> patch(seen, context.getClient()),
              context.eventSourceRetriever().getControllerEventSource());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static SwarmRelease patch(SwarmRelease seen, KubernetesClient client) {
    ObjectMeta metadata = seen.getMetadata();
    List<String> others =
        metadata.getFinalizers().stream()
            .filter(finalizer -> !finalizer.equals(SwarmRelease.FINALIZER))
            .toList();
    Map<String, Object> change =
        Map.of("resourceVersion", metadata.getResourceVersion(), "finalizers", others);
    return client
        .resources(SwarmRelease.class)
        .inNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(Map.of("metadata", change)));
  }
}
