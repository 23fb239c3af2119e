package dev.corvid.e2e.fleet;

import dev.corvid.wire.Wire;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** What kubelets do with the API server: register nodes, tell that pods run, ask for tokens. */
final class Kubelets {
  private static final int AT_ONCE = 24;

  private final KubernetesClient client;
  private final NodeObjects objects;

  /** A node with its peer's token. */
  record Registered(String node, String token) {}

  Kubelets(KubernetesClient client, NodeObjects objects) {
    this.client = client;
    this.objects = objects;
  }

  /** Makes that many nodes, each with a peer's pod that runs; returns when all are there. */
  List<Registered> register(int count) throws InterruptedException {
    var permits = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = IntStream.range(0, count).mapToObj(n -> task(permits, n)).toList();
      return threads.invokeAll(all).stream().map(Kubelets::join).toList();
    }
  }

  private Callable<Registered> task(Semaphore permits, int number) {
    return () -> {
      permits.acquire();
      try {
        return register(client, number);
      } finally {
        permits.release();
      }
    };
  }

  private Registered register(KubernetesClient client, int number) {
    client.resource(objects.node(number)).create();
    var pod = client.resource(objects.peer(number)).create();
    client.resource(objects.running(pod, number)).patchStatus();
    return new Registered(
        NodeObjects.name(number), token(pod, pod.getSpec().getServiceAccountName()));
  }

  /** As projected into that pod. */
  String token(Pod pod, String serviceAccount) {
    var bound =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(Wire.AUDIENCE)
            .withExpirationSeconds(3600L)
            .withNewBoundObjectRef()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec()
            .build();
    return request(client, pod.getMetadata().getNamespace(), serviceAccount, bound);
  }

  /** Of a service account, for those who are no pod here. */
  static String token(
      KubernetesClient client, String namespace, String serviceAccount, List<String> audiences) {
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(audiences)
            .withExpirationSeconds(7200L)
            .endSpec()
            .build();
    return request(client, namespace, serviceAccount, request);
  }

  private static String request(
      KubernetesClient client, String namespace, String serviceAccount, TokenRequest request) {
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(serviceAccount)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  private static Registered join(java.util.concurrent.Future<Registered> node) {
    try {
      return node.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a node could not be registered", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
