package dev.corvid.operator.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.wire.Wire;
import dev.corvid.wire.config.Trust;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Secret {@code corvid-signing} and the ConfigMap {@code corvid-trust}. Either is made
 * again when it is lost: the ConfigMap with the key of the Secret, the Secret with the key in
 * memory; only when both are gone at a start is there a new key. Thread-safe.
 *
 * <p>The ConfigMap's annotation {@value #REIGN} is the reign of all grants: whoever may annotate it
 * raises it, and so does the operator when a node proves that it needs one. It is never lowered.
 */
public final class TrustAnchor {
  /** Raised by an admin to free nodes whose records are ahead of the clock. */
  public static final String REIGN = "corvid.dev/reign";

  /** Of the annotation; leaves room to raise it further. */
  private static final long MAX_ANNOTATED = 1L << 52;

  private static final Logger LOG = LoggerFactory.getLogger(TrustAnchor.class);

  private final KubernetesClient client;
  private final String namespace;
  private final String peerServiceAccount;
  private final String operatorServiceAccount;
  private volatile @Nullable SigningKey key;
  private volatile long reign;

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
    SigningKey ensured = ensureKey(key);
    ConfigMap found =
        client.configMaps().inNamespace(namespace).withName(ResourceNames.TRUST).get();
    long annotated = found == null ? 0 : annotated(found);
    reign = Math.max(reign, annotated);
    key = ensured; // a grant has both: nothing is signed before the reign is known
    ConfigMap wanted = configMap(trust(ensured));
    if (found == null || reign > annotated || !wanted.getData().equals(found.getData())) {
      client
          .configMaps()
          .resource(wanted)
          .fieldManager(ResourceNames.FIELD_MANAGER)
          .forceConflicts()
          .serverSideApply();
    }
  }

  /** Whether there is a key; from then on there always is. */
  public boolean hasKey() {
    return key != null;
  }

  /** The key in use. */
  public SigningKey key() {
    SigningKey known = key;
    if (known == null) {
      throw new IllegalStateException("the trust anchor is not there yet");
    }
    return known;
  }

  /** Compared before the epoch of every grant; 0 unless a clock was wrong. */
  public long reign() {
    return reign;
  }

  /**
   * Begins a reign, and writes it down so that it outlives this process.
   *
   * @throws KubernetesClientException when it could not be written; it has begun all the same
   */
  public synchronized void raise(long to) {
    reign = Math.max(reign, to);
    ensure();
  }

  private static long annotated(ConfigMap found) {
    Map<String, String> annotations = found.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(REIGN);
    if (text == null) {
      return 0;
    }
    try {
      long annotated = Long.parseLong(text);
      if (annotated >= 0 && annotated <= MAX_ANNOTATED) {
        return annotated;
      }
    } catch (NumberFormatException e) {
      LOG.debug("The annotation {} is no number", REIGN, e);
    }
    LOG.warn("{}: {} is not a number from 0 to {}: ignored", REIGN, text, MAX_ANNOTATED);
    return 0;
  }

  private SigningKey ensureKey(@Nullable SigningKey known) {
    Secret found = client.secrets().inNamespace(namespace).withName(ResourceNames.SIGNING).get();
    if (found != null) {
      return SigningKey.of(found);
    }
    SigningKey kept = known == null ? SigningKey.generate() : known;
    try {
      // Created, never applied: an apply could overwrite the key of another operator.
      client.secrets().resource(kept.toSecret(namespace)).create();
      return kept;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return SigningKey.of(
          client.secrets().inNamespace(namespace).withName(ResourceNames.SIGNING).require());
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
        .withName(ResourceNames.TRUST)
        .withNamespace(namespace)
        .withLabels(ResourceNames.labels("trust"))
        .withAnnotations(reign == 0 ? null : Map.of(REIGN, Long.toString(reign)))
        .endMetadata()
        .addToData(Trust.FILE, new String(Wire.encode(trust), StandardCharsets.UTF_8))
        .build();
  }
}
