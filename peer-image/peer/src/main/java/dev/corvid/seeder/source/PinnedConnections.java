package dev.corvid.seeder.source;

import static java.util.Objects.requireNonNull;

import dev.corvid.http.BodyStream;
import dev.corvid.http.Clients;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the very address that was checked. A name is resolved once; {@link HttpClient} is
 * given the address instead of the name, so that a second answer of the DNS (rebinding) cannot lead
 * elsewhere. The name goes into the Host header and, as TLS server name, into the check of the
 * certificate.
 *
 * <p>A proxy is asked for the address that was checked, too. Only where an administrator lets it
 * resolve names itself is it asked by name; then addresses in the URL and what the name resolves to
 * here are checked all the same, and the proxy's own rules must do the rest.
 */
public final class PinnedConnections implements HttpTransport {
  private static final String OWN_HOST_HEADER = "jdk.httpclient.allowRestrictedHeaders";

  /** By default the JDK sends no Basic credentials with CONNECT. */
  private static final String NOT_FOR_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

  /** Of one name; a further one would only prolong the wait for a host that is away. */
  private static final int MAX_ADDRESSES = 8;

  /** Each has a thread, and a source may redirect to another host each time. */
  private static final int MOST_CLIENTS = 32;

  static {
    allowOwnHostHeader();
  }

  /**
   * The administrator's, whose own address is not checked.
   *
   * @param address unresolved
   * @param resolves whether it is asked for names
   * @param exceptions what is fetched without it
   * @param authorization what proves us to it; empty for nothing
   */
  public record Proxy(
      InetSocketAddress address,
      boolean resolves,
      NoProxy exceptions,
      Optional<String> authorization) {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  private final AddressPolicy policy;
  private final Resolver resolver;
  private final TrustStore authorities;
  private final Optional<Proxy> proxy;
  private final SourceTimeouts timeouts;

  /**
   * By origin, proxy and client certificate, the one that was used last at the end, with their
   * connections: never by the address alone, by which TLS resumes sessions, and so would skip the
   * check of another host's name. What has shown a certificate serves no request that must not.
   */
  private final SequencedMap<String, HttpClient> clients = new LinkedHashMap<>(16, 0.75f, true);

  public PinnedConnections(
      AddressPolicy policy,
      Resolver resolver,
      TrustStore authorities,
      Optional<Proxy> proxy,
      SourceTimeouts timeouts) {
    this.policy = policy;
    this.resolver = resolver;
    this.authorities = authorities;
    this.proxy = proxy;
    this.timeouts = timeouts;
  }

  /** Read once by the JDK, when the first HTTP request of the process is built: call it before. */
  public static void allowOwnHostHeader() {
    System.setProperty(OWN_HOST_HEADER, "host");
    System.setProperty(NOT_FOR_TUNNELS, "");
  }

  /** The first permitted address that accepts a connection gets it. */
  @Override
  public Reply send(Request request) throws IOException, InterruptedException {
    var url = request.url();
    var named = proxy.filter(p -> !p.exceptions().cover(url.host()));
    if (named.isPresent() && named.get().resolves() && !isExcepted(url, named.get())) {
      checkBeforeProxy(url);
      return exchange(request, url.uri(), named, null);
    }
    IOException last = null;
    for (var address : permitted(request)) {
      var via = named.filter(p -> !p.exceptions().cover(address));
      try {
        return exchange(request, pinned(url, address), via, address);
      } catch (ConnectException | HttpConnectTimeoutException e) {
        last = e;
      }
    }
    throw requireNonNull(last, "at least one address is permitted");
  }

  /** Whether all that the name has here is fetched from directly. */
  private boolean isExcepted(SourceUrl url, Proxy through) {
    try {
      var addresses = resolve(url);
      return !addresses.isEmpty() && addresses.stream().allMatch(through.exceptions()::cover);
    } catch (SourceException e) {
      return false; // the proxy is to resolve it
    }
  }

  private Reply exchange(
      Request wanted, URI target, Optional<Proxy> via, @Nullable InetAddress address)
      throws IOException, InterruptedException {
    var url = wanted.url();
    if (target.getHost() == null) {
      throw new SourceException(
          Reason.SourceUnreachable,
          url
              + " has an underscore in the name of its host, by which the proxy cannot be asked;"
              + " use another name of the host");
    }
    var firstByte = timeouts.firstByte(wanted.hurried());
    var request = HttpRequest.newBuilder(target).timeout(firstByte).GET();
    wanted.headers().accept(request);
    if (!target.equals(url.uri())) {
      request.setHeader("Host", url.authority());
    }
    via.flatMap(Proxy::authorization)
        .ifPresent(proof -> request.setHeader("Proxy-Authorization", proof));
    var response = client(wanted, via).send(request.build(), BodyStream.handler());
    return new Reply(
        response.statusCode(),
        response.headers(),
        new TimeoutInputStream(response.body(), firstByte, timeouts.noProgress()),
        address);
  }

  private HttpClient client(Request wanted, Optional<Proxy> via) {
    synchronized (clients) {
      var client =
          clients.computeIfAbsent(
              wanted.url().origin() + via + wanted.certificate(), key -> newClient(wanted, via));
      if (clients.size() > MOST_CLIENTS) {
        clients.pollFirstEntry().getValue().shutdown(); // once its answers have ended
      }
      return client;
    }
  }

  private HttpClient newClient(Request wanted, Optional<Proxy> via) {
    var builder =
        Clients.builder(timeouts.connect(), wanted.url().uri())
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(
                via.map(Proxy::address).map(ProxySelector::of).orElse(HttpClient.Builder.NO_PROXY));
    if (wanted.url().isSecure()) {
      builder
          .sslContext(authorities.newContext(wanted.certificate()))
          .sslParameters(parameters(wanted.url()));
    }
    return builder.build();
  }

  private static SSLParameters parameters(SourceUrl url) {
    var parameters = new SSLParameters();
    if (literal(url).isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(url.host())));
    }
    return parameters;
  }

  private List<InetAddress> permitted(Request request) throws SourceException {
    var url = request.url();
    var permitted = new ArrayList<InetAddress>();
    SourceException refusal = null;
    var only = request.address();
    for (var address : only == null ? resolve(url) : List.of(only)) {
      var why = policy.refusal(address);
      if (why.isEmpty()) {
        permitted.add(address);
      } else {
        refusal = refused(url, address, why.get());
      }
    }
    if (permitted.isEmpty()) {
      throw requireNonNull(refusal, "a host that resolves has an address");
    }
    return permitted.subList(0, Math.min(permitted.size(), MAX_ADDRESSES));
  }

  private List<InetAddress> resolve(SourceUrl url) throws SourceException {
    var literal = literal(url);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    try {
      return resolver.resolve(url.host());
    } catch (UnknownHostException e) {
      throw new SourceException(
          Reason.SourceUnreachable,
          url
              + " names a host that does not resolve"
              + (proxy.isPresent()
                  ? " here; if the proxy alone can resolve it, an administrator sets the chart's"
                      + " seeder.proxyResolves"
                  : ""),
          e);
    }
  }

  private void checkBeforeProxy(SourceUrl url) throws SourceException {
    List<InetAddress> addresses;
    try {
      addresses = resolve(url);
    } catch (SourceException e) {
      // This is what the proxy resolves names for.
      return;
    }
    for (var address : addresses) {
      var why = policy.refusal(address);
      if (why.isPresent()) {
        throw refused(url, address, why.get());
      }
    }
  }

  private static SourceException refused(SourceUrl url, InetAddress address, String why) {
    return new SourceException(
        Reason.SourceUnreachable,
        "%s leads to %s, %s".formatted(url, address.getHostAddress(), why));
  }

  /** The host as an address, in every notation that the platform takes for one. */
  private static Optional<InetAddress> literal(SourceUrl url) {
    var host = url.host();
    boolean bracketed = host.startsWith("[");
    try {
      return Optional.of(
          InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static URI pinned(SourceUrl url, InetAddress address) {
    var text = address.getHostAddress();
    var host = text.indexOf(':') < 0 ? text : "[" + text + "]";
    var query = url.uri().getRawQuery() == null ? "" : "?" + url.uri().getRawQuery();
    var path = url.uri().getRawPath() == null ? "" : url.uri().getRawPath();
    var scheme = url.isSecure() ? "https" : "http";
    return URI.create(scheme + "://" + host + ":" + url.port() + path + query);
  }

  @Override
  public void close() {
    synchronized (clients) {
      clients.values().forEach(HttpClient::shutdownNow);
    }
  }
}
