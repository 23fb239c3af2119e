package dev.corvid.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** A key whose certificate nobody but itself vouches for, and a web server with it. */
public record SelfSigned(KeyStore store) {
  private static final String ALIAS = "server";
  private static final String PASSWORD_TEXT = "changeit";
  private static final char[] PASSWORD = PASSWORD_TEXT.toCharArray();

  public static SelfSigned of(String host, Path folder) throws Exception {
    return of(host, "EC", folder);
  }

  /**
   * @param kind of key, as keytool names it
   */
  public static SelfSigned of(String host, String kind, Path folder) throws Exception {
    var file = folder.resolve(host + "-" + kind + ".p12").toString();
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var key = List.of(keytool, "-genkeypair", "-alias", ALIAS, "-keyalg", kind, "-validity", "2");
    var name = List.of("-dname", "CN=" + host, "-ext", "san=dns:" + host);
    var kept = List.of("-storetype", "PKCS12", "-keystore", file, "-storepass", PASSWORD_TEXT);
    var process =
        new ProcessBuilder(Stream.of(key, name, kept).flatMap(List::stream).toList())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
    return new SelfSigned(KeyStore.getInstance(Path.of(file).toFile(), PASSWORD));
  }

  public byte[] certificate() throws Exception {
    return store.getCertificate(ALIAS).getEncoded();
  }

  public PrivateKey key() throws Exception {
    return (PrivateKey) store.getKey(ALIAS, PASSWORD);
  }

  /** Who trusts this alone. */
  public KeyStore trusting() throws Exception {
    var trusting = KeyStore.getInstance(KeyStore.getDefaultType());
    trusting.load(null, null);
    trusting.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
    return trusting;
  }

  /** Bound to loopback and not started. */
  public HttpsServer server() throws Exception {
    var server = bound();
    server.setHttpsConfigurator(new HttpsConfigurator(context(null)));
    return server;
  }

  /**
   * The same, which serves only who shows a certificate.
   *
   * @param clients whose certificates are good
   * @param protocol such as {@code TLSv1.3}
   */
  public HttpsServer server(KeyStore clients, String protocol) throws Exception {
    return server(
        clients,
        tls -> {
          tls.setNeedClientAuth(true);
          tls.setProtocols(new String[] {protocol});
        });
  }

  /** The same, which asks for a certificate, and serves also who shows none. */
  public HttpsServer asking(KeyStore clients) throws Exception {
    return server(clients, tls -> tls.setWantClientAuth(true));
  }

  private HttpsServer server(KeyStore clients, Consumer<SSLParameters> wanted) throws Exception {
    var server = bound();
    var context = context(new TrustManager[] {ClientTls.manager(clients)});
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            var tls = context.getDefaultSSLParameters();
            wanted.accept(tls);
            parameters.setSSLParameters(tls);
          }
        });
    return server;
  }

  private SSLContext context(TrustManager[] trust) throws Exception {
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust, null);
    return context;
  }

  private static HttpsServer bound() throws IOException {
    var server =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return server;
  }
}
