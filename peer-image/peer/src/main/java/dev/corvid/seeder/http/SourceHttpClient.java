package dev.corvid.seeder.http;

import dev.corvid.net.Version;
import dev.corvid.seeder.error.RangeRefusedException;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.ClientCertificate;
import dev.corvid.seeder.source.Credentials;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.PinnedConnections;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One GET of one URL, redirects included. Redirects are followed by hand, because each hop is
 * judged again: where it leads ({@link PinnedConnections}), and that credentials never leave the
 * origin that the user wrote.
 */
public final class SourceHttpClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;

  private static final String BESIDE_A_SIGNATURE =
      "; credentials were sent beside the signature in its query, and many servers refuse a request with"
          + " both: remove its host from the Secret's key hosts";

  /** What the platform's client says of a server that closes the connection, without an alert. */
  private static final String ENDED = "terminated the handshake";

  /** The same after the handshake, which for TLS 1.3 is before the server judges the client. */
  private static final Pattern UNANSWERED = Pattern.compile("received no bytes|reset|closed");

  private static final Pattern ALERT =
      Pattern.compile(
          "Received fatal alert: (?:((?:bad|unsupported)_certificate|certificate_\\w+|unknown_ca|access_denied)|\\w)");

  private final HttpTransport connections;
  private final Credentials credentials;

  public SourceHttpClient(HttpTransport connections, Credentials credentials) {
    this.connections = connections;
    this.credentials = credentials;
  }

  /**
   * The answer to what is wanted: that, or the whole where a source cannot or will not send a part;
   * the answer says what it is.
   *
   * @param hurried whether there is another URL to try, if this one is slow to begin
   * @throws RangeUnavailableException when only the whole can be had
   */
  public SourceResponse get(SourceUrl url, RangeRequest range, boolean hurried)
      throws SourceException, InterruptedException {
    return get(url, url, range, hurried);
  }

  /**
   * The same, from where an earlier request was redirected to.
   *
   * @param start the URL itself, or a target of its redirects that has another origin: a chain that
   *     came back to the first one has no credentials, which its last hop alone does not show
   */
  public SourceResponse get(SourceUrl url, SourceUrl start, RangeRequest range, boolean hurried)
      throws SourceException, InterruptedException {
    var hop = start;
    boolean left = !start.hasOriginOf(url);
    var cookies = new CookieJar();
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      // A signed URL that the server made up itself wants no other credentials beside.
      boolean signed = hop != url && hop.isPresigned();
      List<Credentials.Header> proof = left || signed ? List.of() : credentials.headersFor(hop);
      var certificate =
          left ? Optional.<ClientCertificate>empty() : credentials.certificateFor(hop);
      var whyRefused = whyRefused(url, hop, !proof.isEmpty() || certificate.isPresent(), left);
      var reply =
          send(
              new HttpTransport.Request(
                  hop,
                  hurried,
                  certificate,
                  headers(hop, range, cookies, proof),
                  range.addressOf(hop)),
              whyRefused);
      cookies.keep(hop, reply.headers());
      boolean answered = false;
      try {
        if (!isRedirect(reply)) {
          var response = rangeOrWhole(url, hop, range, whyRefused, reply);
          answered = true;
          return response;
        }
        var next = hop.redirectedTo(location(hop, reply));
        if (hop.isSecure() && !next.isSecure()) {
          throw unreachable(hop + " redirects from https to http, to " + next, null);
        }
        left |= !next.hasOriginOf(url);
        hop = next;
      } finally {
        if (!answered) {
          closeQuietly(reply.body());
        }
      }
    }
    throw unreachable(
        url + " redirects more than " + MAX_REDIRECTS + " times, at last to " + hop, null);
  }

  /** For the message, should it answer that credentials or request are wrong. */
  private String whyRefused(SourceUrl url, SourceUrl hop, boolean proven, boolean left) {
    if (left) {
      return "; no credentials were sent, because it is another host than "
          + url.authority()
          + ", which redirects there";
    }
    if (proven) {
      return hop.isPresigned()
          ? BESIDE_A_SIGNATURE
          : " to the credentials of spec.source.secretRef; check them";
    }
    return credentials.whyNone(hop);
  }

  private static Consumer<HttpRequest.Builder> headers(
      SourceUrl hop, RangeRequest range, CookieJar cookies, List<Credentials.Header> proof) {
    return request -> {
      request.setHeader("User-Agent", Version.userAgent());
      cookies.into(hop, request);
      proof.forEach(header -> request.setHeader(header.name(), header.value()));
      // Last, because no Secret may ask for something else.
      request.setHeader("Accept-Encoding", "identity");
      range.into(request);
    };
  }

  private HttpTransport.Reply send(HttpTransport.Request request, String whyRefused)
      throws SourceException, InterruptedException {
    var hop = request.url();
    try {
      return connections.send(request);
    } catch (SourceException e) {
      throw e;
    } catch (HttpTimeoutException e) {
      throw unreachable(hop + " does not answer in time", e);
    } catch (ConnectException e) {
      throw unreachable(hop + " cannot be connected to: " + words(e), e);
    } catch (SSLException e) {
      throw refusedByTls(hop, whyRefused, e);
    } catch (ProtocolException | IllegalArgumentException e) {
      throw unreachable(
          hop
              + " sends an answer that is not HTTP ("
              + words(e).replace(hop.uri().toString(), hop.toString()) // without its query
              + "); its server, or a proxy in front of it, must be fixed",
          e);
    } catch (IOException e) {
      // A server may close the connection so early that its alert is lost (RFC 9293, 3.10.7.4).
      boolean isUnanswered = UNANSWERED.matcher(words(e)).find();
      throw hop.isSecure() && isUnanswered && credentials.hasCertificate()
          ? certificateRefused(hop, whyRefused, e)
          : unreachable(hop + " cannot be fetched: " + words(e), e);
    }
  }

  private static SourceException certificateRefused(
      SourceUrl hop, String whyRefused, IOException e) {
    return new SourceException(
        Reason.SourceAuthFailed,
        "%s refuses the client certificate, or lacks one (%s)%s"
            .formatted(hop, words(e), whyRefused),
        e);
  }

  /** An alert is the server's word, about our certificate in most cases (RFC 8446, 6.2). */
  private SourceException refusedByTls(SourceUrl hop, String whyRefused, SSLException e) {
    var words = words(e);
    var alert = ALERT.matcher(words);
    boolean ended = words.contains(ENDED);
    if (ended && !credentials.hasCertificate()) {
      return unreachable(
          "%s ends the TLS handshake without saying why (%s); check which versions of TLS it speaks, and whether it wants a client certificate"
              .formatted(hop, words),
          e);
    }
    if (!ended && !alert.find()) {
      return unreachable(
          "%s has a certificate that is not trusted or not for this host (%s); a private authority belongs in ca.crt of the Secret or the chart's caBundle"
              .formatted(hop, words),
          e);
    }
    // With TLS 1.2 some send the general alert to a client that shows none.
    boolean ours = ended || credentials.keepsCertificateFrom(hop) || alert.group(1) != null;
    return ours
        ? certificateRefused(hop, whyRefused, e)
        : unreachable("%s refuses the TLS connection (%s)".formatted(hop, words), e);
  }

  /** An answer to a range that is of no use says nothing yet about the whole. */
  private SourceResponse rangeOrWhole(
      SourceUrl url,
      SourceUrl hop,
      RangeRequest range,
      String whyRefused,
      HttpTransport.Reply reply)
      throws SourceException {
    try {
      return response(url, hop, range, whyRefused, reply);
    } catch (RetryAfterException | RangeUnavailableException e) {
      throw e;
    } catch (SourceException e) {
      throw range.isRange() && !isAway(reply.status()) ? new RangeRefusedException(e) : e;
    }
  }

  /** Statuses that a request for the whole would have met too. */
  private static boolean isAway(int status) {
    return switch (status) {
      case 401, 407, 408, 425, 429, 502, 503, 504 -> true;
      default -> status > 505;
    };
  }

  private SourceResponse response(
      SourceUrl url,
      SourceUrl hop,
      RangeRequest range,
      String whyRefused,
      HttpTransport.Reply reply)
      throws SourceException {
    int status = reply.status();
    if (status != 200 && status != 206 && status != 416) {
      requireNotBusy(hop, status, reply.headers());
    }
    switch (status) {
      case 200, 206 -> {
        return new ResponseReader(url, hop, range).read(reply);
      }
      case 400 -> {
        // Some servers answer so to who shows no certificate (nginx), or two kinds of credentials.
        boolean why =
            whyRefused.equals(BESIDE_A_SIGNATURE) || credentials.keepsCertificateFrom(hop);
        throw unreachable(hop + " answers 400" + (why ? whyRefused : ""), null);
      }
      case 401, 403 ->
          throw new SourceException(
              Reason.SourceAuthFailed, hop + " answers " + status + whyRefused);
      case 407 ->
          throw unreachable(
              "the proxy requires credentials, or rejected those that it got (407): put them into the"
                  + " Secret that the chart's proxySecret names, in each namespace with releases",
              null);
      case 416 -> {
        var message = hop + " answers 416";
        throw range.isRange() ? new RangeUnavailableException(message) : unreachable(message, null);
      }
      default -> throw unreachable(hop + " answers " + status, null);
    }
  }

  /** Some limit their clients' rate by 403, as if it were a matter of credentials. */
  private static void requireNotBusy(SourceUrl hop, int status, HttpHeaders headers)
      throws RetryAfterException {
    var asked = RetryAfterTimes.asked(headers, Instant.now());
    if (asked.isPresent()) {
      throw new RetryAfterException(
          "%s answers %d, and is asked again in %d s (Retry-After)"
              .formatted(hop, status, asked.get().toSeconds()),
          asked.get());
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    connections.close();
  }

  private static boolean isRedirect(HttpTransport.Reply reply) {
    return switch (reply.status()) {
      case 301, 302, 303, 307, 308 -> true;
      case 300 -> reply.headers().firstValue("Location").isPresent();
      default -> false;
    };
  }

  private static String location(SourceUrl hop, HttpTransport.Reply reply) throws SourceException {
    return reply
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> unreachable(hop + " redirects without saying where", null));
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static SourceException unreachable(String message, @Nullable Throwable cause) {
    return new SourceException(Reason.SourceUnreachable, message, cause);
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // It was not wanted anyway.
    }
  }
}
