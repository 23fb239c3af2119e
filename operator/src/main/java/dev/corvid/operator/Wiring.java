package dev.corvid.operator;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.config.OperatorSettings;
import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.ReleaseController;
import dev.corvid.operator.release.ReleaseMetrics;
import dev.corvid.operator.release.SwarmReleaseReconciler;
import dev.corvid.operator.release.record.RawControllerRevision;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.TrackerApiClient;
import dev.corvid.operator.tracker.TrackerDeployment;
import dev.corvid.operator.tracker.TrackerObjects;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.tracker.TrackerSync;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;

/** Gives the container the program's beans, and its metrics to the registries. */
@Singleton
class Wiring {
  private final Program program;

  Wiring(KubernetesClient client, PodEnvironment environment) throws IOException {
    this.program = Program.assemble(client, environment);
  }

  @Produces
  @Singleton
  SwarmReleaseReconciler reconciler() {
    return program.controller().reconciler();
  }

  @Produces
  @Singleton
  LeaderElectionConfiguration leaderElection() {
    return program.election().configuration();
  }

  /** Without this bean the SDK records nothing, and says nothing about it. */
  @Produces
  @Singleton
  Metrics metrics(MeterRegistry registry, PrometheusMeterRegistry prometheus) {
    program.register(registry, prometheus);
    return new AggregatedMetrics(
        List.of(
            MicrometerMetricsV2.newBuilder(registry).build(),
            program.controller().finalizerRefusals()));
  }

  void ending(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
    program.election().end();
  }

  void ended(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER + 1000) ShutdownEvent event) {
    program.election().release();
  }

  /**
   * The program without its container: plain Java with constructors, here and in {@link
   * ReleaseController}.
   */
  record Program(ReleaseController controller, LeaderElection election, ReleaseMetrics metrics) {
    /** Its own figures. */
    void register(MeterRegistry registry, PrometheusMeterRegistry prometheus) {
      prometheus.getPrometheusRegistry().register(metrics);
      controller.refusalMetrics().bindTo(registry);
    }

    static Program assemble(KubernetesClient client, PodEnvironment environment)
        throws IOException {
      RawControllerRevision.register(client);
      var config = OperatorConfig.read(environment.config(), client.getKubernetesSerialization());
      var roots = OperatorConfig.readRoots(environment.config());
      String namespace = environment.namespace();
      var settings = new OperatorSettings(config, roots, namespace, environment.instance());
      var trackerObjects = new TrackerObjects(config, namespace);
      var trust =
          new TrustAnchor(
              client, namespace, config.peerServiceAccount(), environment.serviceAccount());
      var fleetCache = new FleetCache(Uptime::now);
      var outbox = new TrackerOutbox();
      var labels = new NodeLabels(client);
      var controller =
          ReleaseController.assemble(
              client,
              settings,
              new SeederPods(config, trackerObjects.url()),
              trust,
              fleetCache,
              outbox,
              labels);
      var releases = controller.watch();
      var link =
          new TrackerSync(
              new TrackerApiClient(
                  environment.tracker().orElse(URI.create(trackerObjects.url())),
                  environment.token()),
              fleetCache,
              outbox,
              releases::reported,
              releases::wakeAll,
              Uptime::now,
              new SecureRandom());
      var leaderTasks =
          new LeaderTasks(
              client,
              namespace,
              trust,
              new TrackerDeployment(client, trackerObjects, namespace),
              link,
              labels,
              controller);
      var election =
          new LeaderElection(client, namespace, environment.instance(), () -> leaderTasks);
      // Each instance has the releases in its cache; counted twice they would be wrong in sums.
      var metrics =
          new ReleaseMetrics(
              () -> election.isLeading() ? releases.releases() : List.of(),
              config.metrics().perRelease());
      return new Program(controller, election, metrics);
    }
  }
}
