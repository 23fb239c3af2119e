package dev.corvid.operator;

import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The operator without its container: the same parts, the same leader election. */
final class RunningOperator implements AutoCloseable {
  private final Operator operator;
  private final Wiring.Program program;

  /**
   * @param config its {@code config.json}
   */
  RunningOperator(KubernetesClient client, Path directory, URI tracker, String config)
      throws IOException {
    program = assemble(client, directory, tracker, config);
    operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withMetrics(program.controller().finalizerRefusals())
                    .withLeaderElectionConfiguration(patient(program.election().configuration())));
    var reconciler = program.controller().reconciler();
    operator.register(reconciler, reconciler::updateConfigurationFrom);
    operator.start();
  }

  /**
   * The same election with a longer lease: an API server that a busy machine starves for the ten
   * seconds of the default ends the process, and with it every test.
   */
  private static LeaderElectionConfiguration patient(LeaderElectionConfiguration election) {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(election.getLeaseName())
        .withLeaseNamespace(election.getLeaseNamespace().orElseThrow())
        .withIdentity(election.getIdentity().orElseThrow())
        .withLeaderCallbacks(election.getLeaderCallbacks().orElseThrow())
        .withLeaseDuration(Duration.ofMinutes(3))
        .withRenewDeadline(Duration.ofMinutes(2))
        .build();
  }

  /** The program, which is not started. */
  static Wiring.Program assemble(
      KubernetesClient client, Path directory, URI tracker, String config) throws IOException {
    Files.writeString(directory.resolve("token"), "token");
    Files.writeString(directory.resolve("config.json"), config);
    Files.writeString(
        directory.resolve("roots.json"),
        """
        {"roots":[{"name":"default","hostPath":"/var/lib/corvid/default"},
                  {"name":"closed","hostPath":"/var/lib/corvid/closed","namespaces":["other"]}]}
        """);
    return Wiring.Program.assemble(
        client, new TestSettings(directory, tracker, UUID.randomUUID().toString()));
  }

  /** How many publications were refused since the operator started. */
  double refusedPublications() {
    var meters = new SimpleMeterRegistry();
    program.controller().refusalMetrics().bindTo(meters);
    return meters.get("corvid.operator.publications.refused").functionCounter().count();
  }

  private record TestSettings(Path config, URI url, String instance) implements PodEnvironment {
    @Override
    public Path token() {
      return config.resolve("token");
    }

    @Override
    public String namespace() {
      return TestCluster.OPERATOR_NAMESPACE;
    }

    @Override
    public String serviceAccount() {
      return ResourceNames.OPERATOR;
    }

    @Override
    public Optional<URI> tracker() {
      return Optional.of(url);
    }
  }

  @Override
  public void close() {
    program.election().end();
    operator.stop();
    program.election().release();
  }
}
