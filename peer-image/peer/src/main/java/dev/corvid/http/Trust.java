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

/**
 * TLS of clients that trust whom the JDK trusts. The JDK's own context parses all of its
 * certificates when a client is made, although most clients here speak plain HTTP to a tracker;
 * this one when a server shows a certificate. Thread-safe.
 */
public final class Trust {
  private static final SSLContext CONTEXT = in(new LateTrust(Trust::jdk));

  private Trust() {}

  /** Shared by all clients that ask for it, sessions included. */
  public static SSLContext context() {
    return CONTEXT;
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
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          certificate.stream().toArray(KeyManager[]::new), new TrustManager[] {manager}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is part of every JDK.", e);
    }
  }

  private static X509ExtendedTrustManager jdk() {
    return manager(null);
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
