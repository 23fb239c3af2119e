package dev.corvid.operator;

import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.ReleaseController;
import dev.corvid.operator.tracker.TrackerDeployment;
import dev.corvid.operator.tracker.TrackerSync;
import dev.corvid.operator.trust.TrustAnchor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What only the leader does beside reconciling: it keeps the trust anchor and the tracker, and
 * talks to the tracker. A standby has warm caches and does nothing. Each task has a thread of its
 * own: what the cluster refuses to one keeps up neither the others nor the lease.
 */
final class LeaderTasks implements AutoCloseable {
  /** For what no watch tells: the cluster's signing keys. */
  private static final Duration TRUST_PERIOD = Duration.ofMinutes(5);

  private static final Duration TRACKER_PERIOD = Duration.ofMinutes(30);

  /** So that the next 10 % of nodes are told, see {@link ReleaseController#sweep}. */
  private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String namespace;
  private final TrackerSync link;
  private final NodeLabels labels;
  private final ReleaseController controller;
  private final RetryingTask trust;
  private final RetryingTask tracker;
  private final RetryingTask sweep;
  private final List<SharedIndexInformer<?>> watches = new ArrayList<>();

  /** Of the trust's task alone. */
  private long toldReign;

  LeaderTasks(
      KubernetesClient client,
      String namespace,
      TrustAnchor trust,
      TrackerDeployment deployment,
      TrackerSync link,
      NodeLabels labels,
      ReleaseController controller) {
    this.client = client;
    this.namespace = namespace;
    this.link = link;
    this.labels = labels;
    this.controller = controller;
    this.trust = new RetryingTask("the trust anchor", () -> ensure(trust), TRUST_PERIOD);
    this.tracker =
        new RetryingTask(
            "the tracker", () -> controller.trackerProblem().ensure(deployment), TRACKER_PERIOD);
    this.sweep = new RetryingTask("the sweep", this::sweep, SWEEP_PERIOD);
  }

  /** Returns at once: the calling thread renews the lease, and then lets releases be reconciled. */
  void start() {
    link.start(controller.watch().uids());
    labels.start();
    trust.start();
    tracker.start();
    sweep.start();
    watch(client.secrets().inNamespace(namespace).withName(ResourceNames.SIGNING), trust);
    watch(client.configMaps().inNamespace(namespace).withName(ResourceNames.TRUST), trust);
    watch(client.services().inNamespace(namespace).withName(ResourceNames.TRACKER), tracker);
    watch(
        client.apps().deployments().inNamespace(namespace).withName(ResourceNames.TRACKER),
        tracker);
  }

  /** An admin may have raised the reign, which counts even if the anchor could not be written. */
  private void ensure(TrustAnchor anchor) {
    try {
      anchor.ensure();
    } catch (RuntimeException e) {
      if (!anchor.hasKey()) {
        controller.watch().keepClosed(e);
      }
      throw e;
    } finally {
      long reign = anchor.reign();
      if (anchor.hasKey() && !controller.watch().isOpen()) {
        toldReign = reign;
        controller.watch().open();
        sweep.poke();
      } else if (reign != toldReign) {
        toldReign = reign;
        controller.watch().wakeAll(); // grants of another reign are due for every release
      }
    }
  }

  /** It signs what it tells nodes. */
  private void sweep() {
    if (controller.watch().isOpen()) {
      controller.sweep().run();
    }
  }

  private <T extends HasMetadata> void watch(Resource<T> resource, RetryingTask task) {
    SharedIndexInformer<T> informer =
        resource
            .runnableInformer(0)
            .addEventHandler(new Poke<>(task, link))
            .exceptionHandler((started, failure) -> true);
    watches.add(informer);
    // What was deleted before its watch began, no watch tells.
    informer.start().thenRun(task::poke);
  }

  /** Whatever happens to a watched object is a reason to look, and a tracker may be back. */
  private record Poke<T>(RetryingTask task, TrackerSync link) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      task.poke();
    }

    @Override
    public void onUpdate(T before, T now) {
      task.poke();
      if (isAvailable(now) && !isAvailable(before)) {
        link.retryNow();
      } else if (isAvailable(before) && !isAvailable(now)) {
        link.abandon();
      }
    }

    private static boolean isAvailable(Object object) {
      return object instanceof Deployment deployment
          && deployment.getStatus() != null
          && deployment.getStatus().getAvailableReplicas() != null
          && deployment.getStatus().getAvailableReplicas() > 0;
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      task.poke();
    }
  }

  @Override
  public void close() {
    watches.forEach(SharedIndexInformer::stop);
    trust.close();
    tracker.close();
    sweep.close();
    labels.close();
    link.close();
    controller.close();
  }
}
