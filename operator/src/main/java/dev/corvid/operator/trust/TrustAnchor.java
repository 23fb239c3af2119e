package dev.corvid.operator.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.operator.Names;
import dev.corvid.wire.Trust;
import dev.corvid.wire.Wire;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Keeps the Secret {@code corvid-signing} and the ConfigMap {@code corvid-trust}. Either is made
 * again when it is lost: the ConfigMap with the key of the Secret, the Secret with the key in
 * memory; only when both are gone at a start is there a new key. Thread-safe.
 */
public final class TrustAnchor {
  private final KubernetesClient client;
  private final String namespace;
  private final String peerServiceAccount;
  private final String operatorServiceAccount;
  private SigningKey key;

  public TrustAnchor(
      KubernetesClient client,
      String namespace,
      String peerServiceAccount,
      String operatorServiceAccount) {
    this.client = client;
    this.namespace = namespace;
    this.peerServiceAccount = peerServiceAccount;
    this.operatorServiceAccount = operatorServiceAccount;
  }

  /**
   * Makes what is missing and brings the ConfigMap up to date; writes nothing when all is as it
   * should be.
   *
   * @throws KubernetesClientException when the API server refuses or cannot be reached
   */
  public synchronized void ensure() {
    key = ensureKey();
    ConfigMap wanted = configMap(trust(key));
    ConfigMap found = client.configMaps().inNamespace(namespace).withName(Names.TRUST).get();
    if (found == null || !wanted.getData().equals(found.getData())) {
      client
          .configMaps()
          .resource(wanted)
          .fieldManager(Names.FIELD_MANAGER)
          .forceConflicts()
          .serverSideApply();
    }
  }

  /** The key in use. */
  public synchronized SigningKey key() {
    if (key == null) {
      throw new IllegalStateException("the trust anchor is not there yet");
    }
    return key;
  }

  private SigningKey ensureKey() {
    Secret found = client.secrets().inNamespace(namespace).withName(Names.SIGNING).get();
    if (found != null) {
      return SigningKey.of(found);
    }
    SigningKey kept = key == null ? SigningKey.generate() : key;
    try {
      // Created, never applied: an apply could overwrite the key of another operator.
      client.secrets().resource(kept.toSecret(namespace)).create();
      return kept;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return SigningKey.of(
          client.secrets().inNamespace(namespace).withName(Names.SIGNING).require());
    }
  }

  private Trust trust(SigningKey key) {
    return new Trust(
        Map.of(key.id(), key.publicKey()),
        issuer(),
        client.raw("/openid/v1/jwks"),
        subject(peerServiceAccount),
        subject(operatorServiceAccount));
  }

  private String issuer() {
    try {
      return new ObjectMapper()
          .readTree(client.raw("/.well-known/openid-configuration"))
          .path("issuer")
          .asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the API server's OpenID configuration is not JSON", e);
    }
  }

  private String subject(String serviceAccount) {
    return "system:serviceaccount:" + namespace + ":" + serviceAccount;
  }

  private ConfigMap configMap(Trust trust) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(Names.TRUST)
        .withNamespace(namespace)
        .withLabels(Names.labels("trust"))
        .endMetadata()
        .addToData(Trust.FILE, new String(Wire.encode(trust), StandardCharsets.UTF_8))
        .build();
  }
}
