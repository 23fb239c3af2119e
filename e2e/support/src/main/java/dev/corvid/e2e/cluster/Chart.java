package dev.corvid.e2e.cluster;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.UpgradeCommand;
import dev.corvid.e2e.Checkout;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code helm/corvid}, installed and removed by Helm itself, as a release of that name. */
public record Chart(Path kubeconfig, String release, String namespace) {
  public static final String RELEASE = "corvid";

  /** Value {@code images}: as {@code make images} names them when it pushes them nowhere. */
  public static final Map<String, Object> LOCAL_IMAGES =
      Map.of(
          "operator", Map.of("repository", "corvid/operator"),
          "peer", Map.of("repository", "corvid/peer"),
          "architectures", List.of(),
          "pullPolicy", "Never");

  private static final int SECONDS = 180;

  /** As most installations call it: {@value #RELEASE}. */
  public Chart(Path kubeconfig, String namespace) {
    this(kubeconfig, RELEASE, namespace);
  }

  /**
   * Installs or upgrades; returns when every pod of the chart is ready.
   *
   * @param values as in a values file
   */
  public void install(Map<String, Object> values) {
    call(upgrade().waitReady().withTimeout(SECONDS), values);
  }

  /** The same for a cluster in which no pod ever becomes ready: returns when all is applied. */
  public void apply(Map<String, Object> values) {
    call(upgrade(), values);
  }

  private UpgradeCommand upgrade() {
    return new Helm(path())
        .upgrade()
        .install()
        .withName(release)
        .withNamespace(namespace)
        .createNamespace()
        .withKubeConfig(kubeconfig);
  }

  private static void call(UpgradeCommand command, Map<String, Object> values) {
    Path file = null;
    try {
      file = Files.createTempFile("corvid-values", ".yaml");
      Files.writeString(file, Serialization.asYaml(values));
      command.withValuesFile(file).call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
  }

  public void uninstall() {
    Helm.uninstall(release)
        .withNamespace(namespace)
        .withKubeConfig(kubeconfig)
        .ignoreNotFound()
        .call();
  }

  /** The tag of the images that the chart installs when it is told no other. */
  public static String appVersion() {
    var chart = Serialization.unmarshal(read(path().resolve("Chart.yaml")), Map.class);
    return String.valueOf(chart.get("appVersion"));
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path() {
    return Checkout.root().resolve("helm/corvid");
  }
}
