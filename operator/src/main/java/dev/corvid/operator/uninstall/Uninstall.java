package dev.corvid.operator.uninstall;

import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.metadata.ResourceNames;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Stops the operator, lets go of every SwarmRelease, removes the seeders. Each step may be
 * repeated. The SwarmReleases stay with their CRD, and so does every byte on the nodes: an operator
 * that is installed again finds both.
 */
final class Uninstall {
  private static final String OURS = "corvid.dev/";
  private static final long PAGE = 20;
  private static final ResourceDefinitionContext SWARM_RELEASES =
      new ResourceDefinitionContext.Builder()
          .withGroup("corvid.dev")
          .withVersion("v1alpha1")
          .withKind("SwarmRelease")
          .withPlural("swarmreleases")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;
  private final String namespace;
  private final Duration limit;
  private final Consumer<String> progress;

  /**
   * @param namespace the operator's
   * @param limit how long the operator may take to stop
   * @param progress is told what was done, a line each
   */
  Uninstall(KubernetesClient client, String namespace, Duration limit, Consumer<String> progress) {
    this.client = client;
    this.namespace = namespace;
    this.limit = limit;
    this.progress = progress;
  }

  void run() {
    stopOperator();
    List<GenericKubernetesResource> releases = releases();
    releases.forEach(this::removeFinalizer);
    progress.accept(removeSeeders(releases) + " seeders removed; what the nodes hold stays");
  }

  /** First, so that nobody takes hold of a release again. */
  private void stopOperator() {
    var deployment =
        client.apps().deployments().inNamespace(namespace).withName(ResourceNames.OPERATOR);
    if (deployment.get() == null) {
      progress.accept("there is no operator");
      return;
    }
    deployment.edit(
        found -> {
          found.getSpec().setReplicas(0);
          return found;
        });
    var pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabels(
                Map.of("app.kubernetes.io/name", "corvid", ResourceNames.COMPONENT, "operator"));
    CompletableFuture<List<Pod>> gone = pods.informOnCondition(List::isEmpty);
    try {
      gone.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "the operator did not stop within "
              + limit.toSeconds()
              + " s; see `kubectl -n "
              + namespace
              + " get pods`, and uninstall again",
          e);
    } finally {
      gone.cancel(true);
    }
    progress.accept("the operator has stopped");
  }

  private List<GenericKubernetesResource> releases() {
    try {
      return client.genericKubernetesResources(SWARM_RELEASES).inAnyNamespace().list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of(); // the CRD is gone already
      }
      throw e;
    }
  }

  private void removeFinalizer(GenericKubernetesResource release) {
    if (release.getFinalizers().stream().noneMatch(Uninstall::isOurs)) {
      return;
    }
    try {
      client
          .genericKubernetesResources(SWARM_RELEASES)
          .resource(release)
          .edit(
              found -> {
                found.getMetadata().getFinalizers().removeIf(Uninstall::isOurs);
                return found;
              });
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return; // gone meanwhile: what was wanted
    }
    progress.accept(
        "let go of "
            + release.getMetadata().getNamespace()
            + "/"
            + release.getMetadata().getName());
  }

  /** {@code swarmreleases.corvid.dev/finalizer} and what other versions may have called it. */
  private static boolean isOurs(String finalizer) {
    return finalizer.contains(OURS);
  }

  /** Only those that a release controls: the labels are anybody's to choose. */
  private int removeSeeders(List<GenericKubernetesResource> releases) {
    Map<String, GenericKubernetesResource> byUid = new HashMap<>();
    releases.forEach(release -> byUid.put(release.getMetadata().getUid(), release));
    int removed = 0;
    var options = new ListOptionsBuilder().withLimit(PAGE).build();
    do {
      var page =
          client
              .pods()
              .inAnyNamespace()
              .withLabels(
                  Map.of(
                      ResourceNames.COMPONENT,
                      "seeder",
                      ResourceNames.MANAGED_BY,
                      ResourceNames.OPERATOR))
              .list(options);
      for (Pod pod : page.getItems()) {
        boolean own =
            Ownership.release(pod)
                .map(owner -> byUid.get(owner.getUid()))
                .filter(release -> Ownership.isControlledBy(pod, release))
                .isPresent();
        removed += own && remove(pod) ? 1 : 0;
      }
      options.setContinue(page.getMetadata().getContinue());
    } while (options.getContinue() != null && !options.getContinue().isEmpty());
    return removed;
  }

  /**
   * That very pod, and no other that has its name by now. However it changed meanwhile, it is the
   * one.
   */
  private boolean remove(Pod pod) {
    String path =
        "/api/v1/namespaces/%s/pods/%s"
            .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    var options =
        new DeleteOptionsBuilder()
            .withNewPreconditions()
            .withUid(pod.getMetadata().getUid())
            .endPreconditions()
            .build();
    try {
      client.raw(path, "DELETE", options);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false; // gone meanwhile: what was wanted
      }
      throw e;
    }
  }
}
