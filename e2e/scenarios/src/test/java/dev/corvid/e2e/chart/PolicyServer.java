package dev.corvid.e2e.chart;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.Folders;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.ControlPlane;
import dev.corvid.e2e.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real API server on which the chart is installed, and kubectl as anybody. Nothing runs there: no
 * operator, no Job.
 */
final class PolicyServer implements AutoCloseable {
  static final String OPERATOR =
      "system:serviceaccount:%s:corvid-operator".formatted(Rendered.NAMESPACE);

  /** Of Kubernetes 1.34, where they are beta: they stand for webhooks, which need a server. */
  private static final List<String> MUTATING_POLICIES =
      List.of(
          "--feature-gates=MutatingAdmissionPolicy=true",
          "--runtime-config=admissionregistration.k8s.io/v1beta1=true");

  private static final Path GOLDEN =
      Rendered.REPOSITORY.resolve("operator/src/test/resources/golden");

  private final Path folder;
  private final ControlPlane control;
  private final Kubectl kubectl;

  /**
   * @param binary see {@link ControlPlane#binary}
   * @param values of the chart
   */
  PolicyServer(Path binary, Map<String, Object> values, String... namespaces) throws IOException {
    folder = Files.createTempDirectory("corvid-policies");
    try {
      control = new ControlPlane(binary, folder, MUTATING_POLICIES);
    } catch (IOException | RuntimeException e) {
      Folders.delete(folder);
      throw e;
    }
    kubectl =
        new Kubectl(
            new Command(
                List.of(binary.toString(), "kubectl"),
                Map.of("KUBECONFIG", control.kubeconfig().toString()),
                Duration.ofMinutes(2)));
    try {
      for (var name : namespaces) {
        namespace(name);
      }
      chart().apply(values);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void namespace(String name) {
    control
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .serverSideApply();
  }

  Chart chart() {
    return new Chart(control.kubeconfig(), Rendered.NAMESPACE);
  }

  /** As an administrator. */
  KubernetesClient client() {
    return control.client();
  }

  Kubectl kubectl() {
    return kubectl;
  }

  /** What the API server says to that user, and does. */
  String as(String user, String manifest, String... arguments) {
    var outcome = kubectl.with(arguments).and("--as", user).outcome(manifest);
    return outcome.out() + outcome.err();
  }

  /** What it says to the operator's attempt to create that, without doing it. */
  String toCreation(String manifest) {
    return as(OPERATOR, manifest, "create", "--dry-run=server", "-f", "-");
  }

  /** An object as the operator makes it, by the golden file of its own tests. */
  static String golden(String file) {
    try {
      return Files.readString(GOLDEN.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    control.close();
    Folders.delete(folder);
  }
}
