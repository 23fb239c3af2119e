package dev.corvid.seeder.source;

import dev.corvid.seeder.error.SourceException;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The client certificate of a Secret, with its intermediates, as {@code kubernetes.io/tls} has it.
 * It is shown to a server that asks for one, whichever authorities the server names: a server that
 * does not want it says so, and one that is shown nothing says less.
 */
public final class ClientCertificate extends X509ExtendedKeyManager {
  static final String CERTIFICATE = "tls.crt";
  public static final String KEY = "tls.key";
  private static final String ALIAS = "client";

  private final X509Certificate[] chain;
  private final PrivateKey key;

  private ClientCertificate(X509Certificate[] chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Of that Secret; empty when it has neither certificate nor key.
   *
   * @throws SourceException when it lacks one of them, or they cannot be used
   */
  public static Optional<ClientCertificate> of(MountedSecret secret) throws SourceException {
    if (secret.value(CERTIFICATE) == null && secret.value(KEY) == null) {
      return Optional.empty();
    }
    var certificate = require(secret, CERTIFICATE, "write the client certificate there, in PEM");
    var key = require(secret, KEY, "write the private key of " + CERTIFICATE + " there, in PEM");
    var chain = chain(certificate);
    return Optional.of(new ClientCertificate(chain, key(key, chain[0].getPublicKey())));
  }

  private static String require(MountedSecret secret, String name, String advice)
      throws SourceException {
    var value = secret.value(name);
    if (value == null || value.isBlank()) {
      throw Credentials.refused(name, "is missing or empty; " + advice);
    }
    return value;
  }

  private static X509Certificate[] chain(String pem) throws SourceException {
    var stream = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
    try {
      var chain =
          CertificateFactory.getInstance("X.509").generateCertificates(stream).stream()
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (CertificateException e) {
      // As if there were none.
    }
    throw Credentials.refused(CERTIFICATE, "is no certificate in PEM (BEGIN CERTIFICATE)");
  }

  private static PrivateKey key(String pem, PublicKey publicKey) throws SourceException {
    if (PemPrivateKey.isEncrypted(pem)) {
      throw Credentials.refused(
          KEY,
          "is encrypted; write the key without its passphrase, as openssl pkey -in FILE prints it");
    }
    try {
      var key = PemPrivateKey.parse(pem, publicKey);
      if (isPair(key, publicKey)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      throw Credentials.refused(
          KEY,
          "is no private key in PEM (BEGIN PRIVATE KEY) for the certificate in %s, which is of the kind %s"
              .formatted(CERTIFICATE, publicKey.getAlgorithm()));
    }
    throw Credentials.refused(
        KEY,
        "is not the private key of the certificate in " + CERTIFICATE + "; write both of one pair");
  }

  private static boolean isPair(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    if (key instanceof RSAKey mine && publicKey instanceof RSAKey other) {
      return mine.getModulus().equals(other.getModulus());
    }
    var kind = publicKey.getAlgorithm();
    var signature = Signature.getInstance(kind.equals("EC") ? "SHA256withECDSA" : kind);
    signature.initSign(key);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    return signature.verify(signed);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return Arrays.asList(keyTypes).contains(chain[0].getPublicKey().getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineClientAlias(keyTypes, issuers, null);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return chain[0].getSubjectX500Principal().toString();
  }
}
