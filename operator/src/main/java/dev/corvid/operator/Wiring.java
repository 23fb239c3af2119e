package dev.corvid.operator;

import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.ReleaseMetrics;
import dev.corvid.operator.release.ReleaseServices;
import dev.corvid.operator.release.record.StoredRevision;
import dev.corvid.operator.seeder.SeederModel;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.TrackerApiClient;
import dev.corvid.operator.tracker.TrackerDeployment;
import dev.corvid.operator.tracker.TrackerModel;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.tracker.TrackerSync;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.FunctionCounter;
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
import java.time.InstantSource;
import java.util.List;

/** Puts the program together. Everything below is plain Java with constructors. */
@Singleton
class Wiring {
  private final Program program;

  Wiring(KubernetesClient client, PodEnvironment environment) throws IOException {
    this.program = Program.assemble(client, environment);
  }

  @Produces
  @Singleton
  ReleaseServices services() {
    return program.services();
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
            program.services().finalizerRefusals()));
  }

  void ending(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
    program.election().end();
  }

  void ended(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER + 1000) ShutdownEvent event) {
    program.election().release();
  }

  /** The program without its container. */
  record Program(ReleaseServices services, LeaderElection election, ReleaseMetrics metrics) {
    /** Its own figures. */
    void register(MeterRegistry registry, PrometheusMeterRegistry prometheus) {
      prometheus.getPrometheusRegistry().register(metrics);
      FunctionCounter.builder(
              "corvid.operator.publications.refused",
              services,
              ReleaseServices::refusedPublications)
          .description(
              "Publications refused because they did not come from the seeder's pod, were not"
                  + " proven by its key, or differ from what the spec pins")
          .register(registry);
      FunctionCounter.builder(
              "corvid.operator.node.labels.refused", services, ReleaseServices::refusedNodeLabels)
          .description("Labels not set because the Node already has 256 labels of releases")
          .register(registry);
      FunctionCounter.builder(
              "corvid.operator.reports.refused", services, ReleaseServices::refusedEpochs)
          .description("Reports of nodes that were ignored, by kind")
          .tag("kind", "epoch")
          .register(registry);
    }

    static Program assemble(KubernetesClient client, PodEnvironment environment)
        throws IOException {
      StoredRevision.register(client);
      var config = OperatorConfig.read(environment.config(), client.getKubernetesSerialization());
      var roots = OperatorConfig.readRoots(environment.config());
      String namespace = environment.namespace();
      var random = new SecureRandom();
      var model = new TrackerModel(config, namespace);
      var trust =
          new TrustAnchor(
              client, namespace, config.peerServiceAccount(), environment.serviceAccount());
      var fleetCache = new FleetCache(Uptime::now);
      var outbox = new TrackerOutbox();
      var labels = new NodeLabels(client);
      var services =
          new ReleaseServices(
              client,
              config,
              roots,
              namespace,
              environment.instance(),
              new SeederModel(config, model.url()),
              trust,
              fleetCache,
              outbox,
              labels,
              InstantSource.system(),
              random);
      var link =
          new TrackerSync(
              new TrackerApiClient(
                  environment.tracker().orElse(URI.create(model.url())), environment.token()),
              fleetCache,
              outbox,
              services::heard,
              services::trackerTurned,
              Uptime::now,
              random);
      var leaderTasks =
          new LeaderTasks(
              client,
              namespace,
              trust,
              new TrackerDeployment(client, model, namespace),
              link,
              outbox,
              labels,
              services);
      var election =
          new LeaderElection(client, namespace, environment.instance(), () -> leaderTasks);
      // Each instance has the releases in its cache; counted twice they would be wrong in sums.
      var metrics =
          new ReleaseMetrics(
              () -> election.isLeading() ? services.releases() : List.of(),
              config.metrics().perRelease());
      return new Program(services, election, metrics);
    }
  }
}
