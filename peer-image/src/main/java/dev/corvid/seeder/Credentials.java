package dev.corvid.seeder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What proves us to a source: {@code Authorization} by {@code token} or by {@code username} and
 * {@code password}, and any {@code header.<Name>}. They go to the hosts that the Secret's own key
 * {@code hosts} names and to nobody else: who may write a SwarmRelease but not read the Secret must
 * not learn it by naming a host of his own.
 */
final class Credentials {
  private static final String HEADER_KEY = "header.";

  /** A header by its name. The value stays out of messages. */
  record Header(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Header> headers;
  private final Set<String> hosts;

  Credentials(Secret secret) {
    this.headers = headers(secret);
    var listed = secret.value("hosts") == null ? "" : secret.value("hosts");
    this.hosts =
        Arrays.stream(listed.toLowerCase(Locale.ROOT).split("[\\s,]+"))
            .filter(host -> !host.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What to send to this URL's host: nothing unless {@code hosts} names it. */
  List<Header> headersFor(SourceUrl url) {
    return mayHave(url) ? headers : List.of();
  }

  /** For the message about a refusal: why nothing was sent; empty when something was. */
  String whyNone(SourceUrl url) {
    if (headers.isEmpty()) {
      return "; spec.source.secretRef names no credentials for it";
    }
    return mayHave(url)
        ? ""
        : "; no credentials were sent, because the key hosts of the Secret does not name "
            + url.host();
  }

  private boolean mayHave(SourceUrl url) {
    var host = url.host();
    return hosts.contains(host) || hosts.contains(host + ":" + url.port());
  }

  private static List<Header> headers(Secret secret) {
    var headers = new ArrayList<Header>();
    if (secret.value("token") != null) {
      headers.add(new Header("Authorization", "Bearer " + secret.value("token")));
    } else if (secret.value("username") != null || secret.value("password") != null) {
      headers.add(new Header("Authorization", basic(secret)));
    }
    for (var key : secret.values().keySet()) {
      if (key.startsWith(HEADER_KEY) && key.length() > HEADER_KEY.length()) {
        headers.add(new Header(key.substring(HEADER_KEY.length()), secret.value(key)));
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
