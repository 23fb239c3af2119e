package dev.corvid.operator.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** A Kustomization of Flux with what belongs to it, and every state that it was seen in. */
public final class Kustomization implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(180);

  private final KubernetesClient client;
  private final Flux flux;
  private final Resource<GenericKubernetesResource> resource;
  private final List<State> states = new CopyOnWriteArrayList<>();
  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final long started = System.nanoTime();

  /** Creates what these manifests say, one of which is the Kustomization of that name. */
  public Kustomization(
      KubernetesClient client, Flux flux, String namespace, String name, String manifests) {
    this.client = client;
    this.flux = flux;
    resource =
        client
            .genericKubernetesResources("kustomize.toolkit.fluxcd.io/v1", "Kustomization")
            .inNamespace(namespace)
            .withName(name);
    informer = resource.inform(new Recorder());
    List<HasMetadata> objects =
        client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8))).items();
    objects.forEach(object -> client.resource(object).inNamespace(namespace).serverSideApply());
  }

  /**
   * What the condition Ready said at some time.
   *
   * @param after since the Kustomization was created
   * @param ready True, False or Unknown
   */
  public record State(Duration after, String ready, String reason, String message) {
    /** Whether this artifact is deployed, and healthy. */
    public boolean isReady(String digest) {
      return "True".equals(ready) && message.endsWith(digest);
    }

    private boolean says(State other) {
      return ready.equals(other.ready)
          && reason.equals(other.reason)
          && message.equals(other.message);
    }

    @Override
    public String toString() {
      return "%5.1f s  Ready=%-7s  %s: %s"
          .formatted(after.toMillis() / 1000.0, ready, reason, message);
    }
  }

  /** In order, each of them once. */
  public List<State> states() {
    return List.copyOf(states);
  }

  /** The first state of that kind, which may have passed. */
  public State awaitState(Predicate<State> condition) {
    try {
      await()
          .atMost(BOUND)
          .failFast("a controller of Flux has ended", flux::hasEnded)
          .until(() -> states.stream().anyMatch(condition));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("none of these is as expected: " + states, e);
    }
    return states.stream().filter(condition).findFirst().orElseThrow();
  }

  /** How often what it applied last was reconciled with that result. */
  public long reconciliations() {
    return resource.get().get("status", "history", 0, "totalReconciliations") instanceof Number n
        ? n.longValue()
        : 0;
  }

  /** Returns when it is gone, and what it deployed is being deleted. */
  public void delete() {
    resource.delete();
    await().atMost(BOUND).until(() -> resource.get() == null);
  }

  @Override
  public void close() {
    informer.close();
  }

  private final class Recorder implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource found) {
      record(found);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource found) {
      record(found);
    }

    @Override
    public void onDelete(GenericKubernetesResource last, boolean unknown) {}

    private void record(GenericKubernetesResource found) {
      if (!(found.get("status", "conditions") instanceof List<?> conditions)) {
        return;
      }
      conditions.stream()
          .map(condition -> (Map<?, ?>) condition)
          .filter(condition -> "Ready".equals(condition.get("type")))
          .map(this::state)
          .filter(state -> states.isEmpty() || !states.getLast().says(state))
          .forEach(states::add);
    }

    private State state(Map<?, ?> ready) {
      return new State(
          Duration.ofNanos(System.nanoTime() - started),
          ready.get("status").toString(),
          ready.get("reason").toString(),
          ready.get("message").toString());
    }
  }
}
