package dev.corvid.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;

/** What all HTTP clients have in common. */
public final class Clients {
  private Clients() {}

  /**
   * Clients of HTTP/1.1 that trust whom the JDK does, and wait in virtual threads. The JDK's
   * certificates are parsed as the first one is made.
   *
   * @param connect the longest that a connection may take to be made
   */
  public static HttpClient.Builder builder(Duration connect) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(connect)
        .executor(Executors.newVirtualThreadPerTaskExecutor());
  }

  /**
   * Clients of this server alone; one that speaks plain HTTP costs no certificates.
   *
   * @param connect the longest that a connection may take to be made
   */
  public static HttpClient.Builder builder(Duration connect, URI server) {
    var builder = builder(connect);
    return "https".equalsIgnoreCase(server.getScheme())
        ? builder
        : builder.sslContext(ClientTls.none());
  }
}
