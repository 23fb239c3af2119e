package dev.corvid.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key whose certificate nobody but itself vouches for, and a web server with it. */
public record SelfSigned(KeyStore store) {
  private static final String ALIAS = "server";
  private static final String PASSWORD_TEXT = "changeit";
  private static final char[] PASSWORD = PASSWORD_TEXT.toCharArray();

  public static SelfSigned of(String host, Path folder) throws Exception {
    var file = folder.resolve(host + ".p12").toString();
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var key = List.of(keytool, "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-validity", "2");
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

  /** Who trusts this alone. */
  KeyStore trusting() throws Exception {
    var trusting = KeyStore.getInstance(KeyStore.getDefaultType());
    trusting.load(null, null);
    trusting.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
    return trusting;
  }

  /** Bound to loopback and not started. */
  public HttpsServer server() throws Exception {
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var server =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
  }
}
