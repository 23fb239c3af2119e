package dev.corvid.operator;

import dev.corvid.operator.metadata.ResourceNames;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator acts at a time: who holds the lease {@value ResourceNames#OPERATOR}. A lost lease
 * ends the process, because another one acts now; a SIGTERM gives it back, so that the next one
 * need not wait until it runs out.
 */
final class LeaderElection {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

  private final KubernetesClient client;
  private final String namespace;
  private final String instance;
  private final Supplier<LeaderTasks> leaderTasks;
  private final AtomicBoolean leading = new AtomicBoolean();
  private final AtomicBoolean ending = new AtomicBoolean();

  LeaderElection(
      KubernetesClient client,
      String namespace,
      String instance,
      Supplier<LeaderTasks> leaderTasks) {
    this.client = client;
    this.namespace = namespace;
    this.instance = instance;
    this.leaderTasks = leaderTasks;
  }

  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(ResourceNames.OPERATOR)
        .withLeaseNamespace(namespace)
        .withIdentity(instance)
        .withLeaderCallbacks(new LeaderCallbacks(this::started, this::stopped, holder -> {}))
        .build();
  }

  private void started() {
    leading.set(true);
    try {
      leaderTasks.get().start();
    } catch (RuntimeException e) {
      if (ending.get()) {
        LOG.debug("The leader was stopped while it started", e);
        return;
      }
      // A leader that does nothing is worse than none: the next start may be luckier.
      LOG.error("The leader could not start, this process ends", e);
      Runtime.getRuntime().halt(1);
    }
  }

  private void stopped() {
    if (leading.get() && !ending.get()) {
      LOG.error(
          "The lease {} is lost: another operator may act now, this one ends",
          ResourceNames.OPERATOR);
      Runtime.getRuntime().halt(1);
    }
  }

  /** Whether this instance acts. */
  boolean isLeading() {
    return leading.get();
  }

  /** From now on the end of the leadership is wanted. */
  void end() {
    ending.set(true);
  }

  /**
   * Gives the lease back, after everything has stopped that needs it; also one that this instance
   * was stopped while it acquired: it never led, but the API server may have written the lease.
   */
  void release() {
    if (leading.getAndSet(false)) {
      leaderTasks.get().close();
    }
    try {
      Lease lease = client.leases().inNamespace(namespace).withName(ResourceNames.OPERATOR).get();
      if (lease != null && instance.equals(lease.getSpec().getHolderIdentity())) {
        lease.getSpec().setHolderIdentity("");
        lease.getSpec().setLeaseDurationSeconds(1);
        client.leases().resource(lease).update();
      }
    } catch (KubernetesClientException e) {
      LOG.warn("The lease could not be given back, it runs out by itself: {}", e.getMessage());
    }
  }
}
