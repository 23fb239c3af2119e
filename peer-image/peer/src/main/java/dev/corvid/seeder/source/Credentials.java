package dev.corvid.seeder.source;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What proves us to a source: {@code Authorization} by {@code token} or by {@code username} and
 * {@code password}, any {@code header.<Name>}, and the client certificate {@code tls.crt} with
 * {@code tls.key}; so a Secret may be of the type {@code kubernetes.io/basic-auth} or {@code
 * kubernetes.io/tls}. They go to the origins that the Secret's own key {@code hosts} lists, beside
 * those of its type, and nowhere else: a tenant that may write a SwarmRelease but not read the
 * Secret must not learn it by naming a host of its own, or another scheme or port of the right one.
 * {@code h} is https on port 443 and {@code h:8443} https on that port; only a listed {@code
 * http://h} opens clear text.
 */
public final class Credentials {
  private static final String HEADER_KEY = "header.";
  private static final String HOSTS = "hosts";
  private static final String THE_SECRET = "the Secret of spec.source.secretRef";

  /** What says which bytes are asked for, of whom and how, is no credential. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "host",
          "range",
          "if-range",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "accept-encoding",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "connection",
          "keep-alive",
          "upgrade",
          "http2-settings",
          "expect",
          "proxy-connection",
          "proxy-authorization");

  /** A header by its name. The value stays out of messages. */
  public record Header(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final boolean named;
  private final List<Header> headers;
  private final Optional<ClientCertificate> certificate;
  private final Set<String> origins;
  private final boolean missing;

  /**
   * @throws SourceException when the Secret has a key that cannot be sent, or lacks one
   */
  public Credentials(MountedSecret secret) throws SourceException {
    this.named = !secret.values().isEmpty();
    this.headers = headers(secret);
    this.certificate = ClientCertificate.of(secret);
    this.missing = secret.missing();
    var listed = Objects.requireNonNullElse(secret.value(HOSTS), "");
    this.origins =
        Arrays.stream(listed.split("[\\s,]+"))
            .flatMap(Credentials::origin)
            .collect(Collectors.toUnmodifiableSet());
    if (hasAny() && origins.isEmpty()) {
      throw refused(
          HOSTS,
          "%s; write the hosts that may get the credentials there, such as files.example.com"
              .formatted(listed.isBlank() ? "is missing or empty" : "names no host"));
    }
    if (named && !hasAny() && secret.value("ca.crt") == null) {
      throw refused(
          "token", "is missing, and so are username, password, tls.crt and header.<Name>");
    }
  }

  private boolean hasAny() {
    return !headers.isEmpty() || certificate.isPresent();
  }

  /** Of an element of the list; empty for what is no host. */
  private static Stream<String> origin(String element) {
    try {
      var url = element.contains("://") ? element : "https://" + element;
      return Stream.of(SourceUrl.parse(url).origin());
    } catch (SourceException e) {
      return Stream.empty();
    }
  }

  /** What to send to this URL's origin: nothing unless {@code hosts} lists it. */
  public List<Header> headersFor(SourceUrl url) {
    return mayHave(url) ? headers : List.of();
  }

  /** What to show this URL's server if it asks for a certificate; over TLS only. */
  public Optional<ClientCertificate> certificateFor(SourceUrl url) {
    return certificate.filter(known -> url.isSecure() && mayHave(url));
  }

  /** Whether there is one to be shown, or kept from a server that may want it. */
  public boolean hasCertificate() {
    return certificate.isPresent();
  }

  /** Whether a server may lack the certificate that the Secret has for others. */
  public boolean keepsCertificateFrom(SourceUrl url) {
    return certificate.isPresent() && certificateFor(url).isEmpty();
  }

  /** For the message about a refusal: why nothing was sent; empty when something was. */
  public String whyNone(SourceUrl url) {
    if (missing) {
      return "; the Secret that spec.source.secretRef names does not exist, or has no keys";
    }
    if (!hasAny()) {
      return named
          ? "; no credentials were sent, because "
              + THE_SECRET
              + " has none of the keys token, username, password, tls.crt and header.<Name>"
          : "; spec.source.secretRef names no credentials for it";
    }
    return mayHave(url) ? "" : "; no credentials were sent, because " + whatIsMissing(url);
  }

  private static String whatIsMissing(SourceUrl url) {
    var authority = url.host() + (url.hasDefaultPort() ? "" : ":" + url.port());
    var origin = (url.isSecure() ? "https://" : "http://") + authority;
    return "the key hosts of "
        + THE_SECRET
        + " does not name "
        + origin
        + (url.isSecure()
            ? "; write " + authority + " there"
            : "; use https, or write " + origin + " there to send them in clear text");
  }

  private boolean mayHave(SourceUrl url) {
    return origins.contains(url.origin());
  }

  private static List<Header> headers(MountedSecret secret) throws SourceException {
    var headers = new ArrayList<Header>();
    if (secret.value("token") != null) {
      headers.add(new Header("Authorization", "Bearer " + text(secret, "token")));
    } else if (secret.value("username") != null || secret.value("password") != null) {
      headers.add(new Header("Authorization", basic(secret)));
    }
    for (var key : secret.values().keySet()) {
      if (key.startsWith(HEADER_KEY)) {
        headers.add(new Header(name(key), text(secret, key)));
      }
    }
    return List.copyOf(headers);
  }

  private static String name(String key) throws SourceException {
    var name = key.substring(HEADER_KEY.length());
    if (name.isEmpty() || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw refused(
          key,
          name.isEmpty()
              ? "names no header; write header.<Name>"
              : "is for a header that the seeder sets itself; remove it");
    }
    return name;
  }

  /**
   * Without the blanks around it, which are no part of a token or a header's value (RFC 6750, 2.1;
   * RFC 9110, 5.5).
   *
   * @throws SourceException for what the HTTP client would refuse with the value in its message
   */
  private static String text(MountedSecret secret, String key) throws SourceException {
    var value = Objects.requireNonNullElse(secret.value(key), "").strip();
    if (value.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
      throw refused(key, "has a line break or another control character in its value");
    }
    return value;
  }

  /** The key of the Secret, and what is wrong with it as the rest of a sentence. */
  public static SourceException refused(String key, String why) {
    return new SourceException(
        Reason.SourceAuthFailed,
        "the key %s of %s %s".formatted(Printable.name(key), THE_SECRET, why));
  }

  /** RFC 7617, in the encoding that the Secret's bytes have. */
  private static String basic(MountedSecret secret) {
    var user = Objects.requireNonNullElse(secret.value("username"), "");
    var password = Objects.requireNonNullElse(secret.value("password"), "");
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.ISO_8859_1);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
