package dev.corvid.seeder.source;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.http.ClientTls;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificate authorities that a source's certificate may come from. */
public final class TrustStore {
  private final List<Certificate> extra = new ArrayList<>();

  /**
   * The Java runtime's own, and these.
   *
   * @param bundles PEM texts; null and empty ones are passed over
   * @throws SourceException when one holds no certificate
   */
  public TrustStore(List<@Nullable String> bundles) throws SourceException {
    for (var bundle : bundles) {
      extra.addAll(parse(bundle));
    }
  }

  /**
   * A context of its own for each host: a shared one would resume a session by address, and so skip
   * the check of the host's name.
   *
   * @param certificate shown to a server that asks for one
   */
  SSLContext newContext(Optional<ClientCertificate> certificate) {
    try {
      return ClientTls.in(extra.isEmpty() ? ClientTls.manager(null) : trust(), certificate);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("TLS is part of every JDK", e);
    }
  }

  private TrustManager trust() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (var certificate : extra) {
      store.setCertificateEntry("extra-" + number++, certificate);
    }
    for (var certificate : ClientTls.manager(null).getAcceptedIssuers()) {
      store.setCertificateEntry("default-" + number++, certificate);
    }
    return ClientTls.manager(store);
  }

  private static List<Certificate> parse(@Nullable String pem) throws SourceException {
    if (pem == null || pem.isBlank()) {
      return List.of();
    }
    try {
      var stream = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(stream));
    } catch (GeneralSecurityException e) {
      throw new SourceException(
          Reason.SourceUnreachable,
          "the CA bundle (ca.crt of the Secret, or the chart's caBundle) is not PEM: "
              + ErrorMessage.of(e),
          e);
    }
  }
}
