package dev.corvid.operator.seeder;

import dev.corvid.operator.metadata.ResourceNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authorities of the chart's {@code caBundle}, in a ConfigMap of each namespace
 * that has a seeder: a pod mounts nothing of another namespace, and a variable of its environment
 * has at most 128 KiB. The ConfigMap stays when the seeder goes.
 */
public final class CaBundleConfigMap {
  public static final String NAME = "corvid-ca";
  static final String KEY = "ca.crt";

  /** What a ConfigMap may hold. */
  private static final long MOST_BYTES = 1 << 20;

  private final KubernetesClient client;
  private final @Nullable Path file;

  /**
   * @param file PEM text, read again each time; null for none
   */
  public CaBundleConfigMap(KubernetesClient client, @Nullable String file) {
    this.client = client;
    this.file = file == null ? null : Path.of(file);
  }

  /**
   * Has the namespace's ConfigMap hold what the file does now. An unchanged one costs a request and
   * no write.
   *
   * @return what is in the way, for a person; empty when a seeder can mount it
   * @throws KubernetesClientException when the API server does not answer, or refuses
   */
  public Optional<String> place(String namespace) {
    if (file == null) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        return Optional.of(
            "the chart's caBundle has more than 1 MiB, which is all that a ConfigMap may hold:"
                + " leave out authorities that no source needs");
      }
      client
          .resource(configMap(namespace, Files.readString(file, StandardCharsets.ISO_8859_1)))
          .fieldManager(ResourceNames.FIELD_MANAGER)
          .serverSideApply();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "the operator cannot read the chart's caBundle: %s; see that the ConfigMap that caBundleFrom names has the key that it names"
              .formatted(e));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return Optional.of(
          "seeders mount the chart's caBundle by the ConfigMap %s of their namespace, which somebody else has written: delete it, and the operator creates its own"
              .formatted(NAME));
    }
  }

  private static ConfigMap configMap(String namespace, String bundle) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .withLabels(ResourceNames.labels("seeder"))
        .endMetadata()
        .addToData(KEY, bundle)
        .build();
  }
}
