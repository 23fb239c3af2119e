package dev.corvid.http;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom clients trust when they speak TLS. Thread-safe. */
public final class ClientTls {
  private static final SSLContext NONE = in(new TrustManager[0], Optional.empty());

  private ClientTls() {}

  /**
   * Trusts no server. For clients that speak plain HTTP: the JDK's default context would parse all
   * certificates of the JDK as the client is made.
   */
  static SSLContext none() {
    return NONE;
  }

  /** A context of its own for clients that trust whom the manager does. */
  public static SSLContext in(TrustManager manager) {
    return in(manager, Optional.empty());
  }

  /**
   * The same.
   *
   * @param certificate shown to servers that ask for one
   */
  public static SSLContext in(TrustManager manager, Optional<? extends KeyManager> certificate) {
    return in(new TrustManager[] {manager}, certificate);
  }

  private static SSLContext in(
      TrustManager[] managers, Optional<? extends KeyManager> certificate) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(certificate.stream().toArray(KeyManager[]::new), managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is part of every JDK.", e);
    }
  }

  /**
   * @param store of those to be trusted; null for the JDK's
   */
  public static X509ExtendedTrustManager manager(@Nullable KeyStore store) {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Stream.of(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The certificates cannot be read.", e);
    }
  }
}
