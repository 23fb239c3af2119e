package dev.corvid.seeder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What proves us to a source: {@code Authorization} by {@code token} or by {@code username} and
 * {@code password}, and any {@code header.<Name>}. They go to the origins that the Secret's own key
 * {@code hosts} lists and nowhere else: a tenant that may write a SwarmRelease but not read the
 * Secret must not learn it by naming a host of its own, or another scheme or port of the right one.
 * {@code h} is https on port 443 and {@code h:8443} https on that port; only a listed {@code
 * http://h} opens clear text.
 */
final class Credentials {
  private static final String HEADER_KEY = "header.";

  /** What says which bytes are asked for is no credential, and so not the Secret's. */
  private static final Set<String> OWN_HEADERS = Set.of("range", "if-range", "accept-encoding");

  /** A header by its name. The value stays out of messages. */
  record Header(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Header> headers;
  private final Set<String> origins;
  private final boolean missing;

  Credentials(Secret secret) {
    this.headers = headers(secret);
    this.missing = secret.missing();
    var listed = secret.value("hosts") == null ? "" : secret.value("hosts");
    this.origins =
        Arrays.stream(listed.split("[\\s,]+"))
            .flatMap(Credentials::origin)
            .collect(Collectors.toUnmodifiableSet());
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
  List<Header> headersFor(SourceUrl url) {
    return mayHave(url) ? headers : List.of();
  }

  /** For the message about a refusal: why nothing was sent; empty when something was. */
  String whyNone(SourceUrl url) {
    if (missing) {
      return "; the Secret that spec.source.secretRef names does not exist, or has no keys";
    }
    if (headers.isEmpty()) {
      return "; spec.source.secretRef names no credentials for it";
    }
    return mayHave(url) ? "" : "; no credentials were sent, because " + whatIsMissing(url);
  }

  private static String whatIsMissing(SourceUrl url) {
    var authority = url.host() + (url.hasDefaultPort() ? "" : ":" + url.port());
    var origin = (url.isSecure() ? "https://" : "http://") + authority;
    return "the key hosts of the Secret does not name "
        + origin
        + (url.isSecure()
            ? "; write " + authority + " there"
            : "; use https, or write " + origin + " there to send them in clear text");
  }

  private boolean mayHave(SourceUrl url) {
    return origins.contains(url.origin());
  }

  private static List<Header> headers(Secret secret) {
    var headers = new ArrayList<Header>();
    if (secret.value("token") != null) {
      headers.add(new Header("Authorization", "Bearer " + secret.value("token")));
    } else if (secret.value("username") != null || secret.value("password") != null) {
      headers.add(new Header("Authorization", basic(secret)));
    }
    for (var key : secret.values().keySet()) {
      var name = key.startsWith(HEADER_KEY) ? key.substring(HEADER_KEY.length()) : "";
      if (!name.isEmpty() && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        headers.add(new Header(name, secret.value(key)));
      }
    }
    return List.copyOf(headers);
  }

  /** RFC 7617, in the encoding that the Secret's bytes have. */
  private static String basic(Secret secret) {
    var user = secret.value("username") == null ? "" : secret.value("username");
    var password = secret.value("password") == null ? "" : secret.value("password");
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.ISO_8859_1);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
