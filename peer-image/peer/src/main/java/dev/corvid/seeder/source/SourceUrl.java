package dev.corvid.seeder.source;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.SourceFileName;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A source's URL: http or https, with a host, without credentials in it. Its text form leaves out
 * the query, which may hold a signature.
 *
 * @param uri absolute
 */
public record SourceUrl(URI uri) {
  /** As text (RFC 1035, 2.3.4); also what keeps patterns from work without end. */
  private static final int LONGEST_HOST = 254;

  /** A host, in brackets if it is an IPv6 address, and perhaps a port. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(?::(\\d*))?");

  /** Such as {@link URI} knows none, for its underscores; in use for buckets and services. */
  private static final Pattern UNDERSCORED_HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\\.)*[A-Za-z][A-Za-z0-9_-]*\\.?");

  /** Parameters by which object stores accept a URL instead of credentials. */
  private static final Pattern SIGNATURE =
      Pattern.compile("(?:^|&)(?:X-Amz-Signature|X-Goog-Signature|Signature|sig)=");

  /** As a user writes it: what has to be percent-encoded is. */
  public static SourceUrl parse(String text) throws SourceException {
    try {
      return checked(UriReference.parse(text));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Reason.InvalidSpec, "the source's URL " + withoutSecrets(text) + " " + e.getMessage());
    }
  }

  /** The URL that a redirect from this one leads to. */
  public SourceUrl redirectedTo(String location) throws SourceException {
    try {
      return checked(UriReference.parse(uri.toString()).resolve(UriReference.ofHeader(location)));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Reason.SourceUnreachable,
          this + " redirects to " + withoutSecrets(location) + ", which " + e.getMessage());
    }
  }

  private static String withoutSecrets(String url) {
    var shown = url.replaceFirst("[?#].*", "");
    return shown.replaceFirst("//[^/]*@", "//");
  }

  /**
   * @throws IllegalArgumentException with what is wrong, as the rest of a sentence
   */
  private static SourceUrl checked(UriReference relative) {
    var reference = relative.normalized();
    var scheme = String.valueOf(reference.scheme());
    var authority = reference.authority() == null ? "" : reference.authority();
    if (!scheme.equals("http") && !scheme.equals("https") || authority.isEmpty()) {
      throw new IllegalArgumentException("must begin with http:// or https:// and name a host");
    }
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "has credentials in it; put them into the Secret of spec.source.secretRef");
    }
    var parts = AUTHORITY.matcher(authority);
    if (!parts.matches() || parts.group(1).isEmpty()) {
      throw new IllegalArgumentException("names a host that cannot be one: " + authority);
    }
    var port = parts.group(2) == null || parts.group(2).isEmpty() ? "" : ":" + parts.group(2);
    if (!port.isEmpty() && !isPort(parts.group(2))) {
      throw new IllegalArgumentException(
          "names a port that cannot be, " + parts.group(2) + "; ports are 1 to 65535");
    }
    if (parts.group(1).length() > LONGEST_HOST) {
      throw new IllegalArgumentException(
          "names a host of %,d characters, which none can have".formatted(parts.group(1).length()));
    }
    var host = parts.group(1).startsWith("[") ? parts.group(1) : ascii(parts.group(1));
    var whole = new UriReference(scheme, host + port, reference.path(), reference.query());
    return new SourceUrl(withHost(whole, host));
  }

  private static String ascii(String host) {
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("names a host that cannot be one: " + host, e);
    }
  }

  private static URI withHost(UriReference whole, String host) {
    try {
      var uri = new URI(whole.toString());
      if (uri.getHost() == null) {
        if (!UNDERSCORED_HOST.matcher(host).matches()) {
          throw new IllegalArgumentException("names a host that cannot be one: " + host);
        }
        if ("https".equals(whole.scheme())) {
          throw new IllegalArgumentException(
              "has an underscore in the name of its host, which no certificate can be checked for;"
                  + " use another name of the host");
        }
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is malformed: " + e.getReason(), e);
    }
  }

  private static boolean isPort(String digits) {
    var port = digits.replaceFirst("^0+", "");
    return !port.isEmpty() && port.length() <= 5 && Integer.parseInt(port) < 1 << 16;
  }

  /** Whether its query is signed, so that a server takes no other credentials beside it. */
  public boolean isPresigned() {
    return uri.getRawQuery() != null && SIGNATURE.matcher(uri.getRawQuery()).find();
  }

  public boolean isSecure() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  /** Lower case, without a dot at its end; a literal IPv6 address in brackets. */
  public String host() {
    var host = authority(1).toLowerCase(Locale.ROOT);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  public int port() {
    return hasPort() ? Integer.parseInt(authority(2)) : isSecure() ? 443 : 80;
  }

  private boolean hasPort() {
    return authority(2) != null && !authority(2).isEmpty();
  }

  private String authority(int part) {
    var parts = AUTHORITY.matcher(uri.getRawAuthority());
    return parts.matches() ? parts.group(part) : "";
  }

  boolean hasDefaultPort() {
    return port() == (isSecure() ? 443 : 80);
  }

  /** The value of the Host header. */
  public String authority() {
    return hasPort() ? host() + ":" + port() : host();
  }

  /** Scheme, host and port (RFC 6454), the port always written out. */
  public String origin() {
    return (isSecure() ? "https://" : "http://") + host() + ":" + port();
  }

  /**
   * What a validator is of: it says nothing of the bytes of another resource (RFC 9110, 8.8).
   * Without the query, which holds another signature each time.
   */
  public String resource() {
    return origin() + uri.getRawPath();
  }

  public boolean hasOriginOf(SourceUrl other) {
    return origin().equals(other.origin());
  }

  /**
   * The last component of the path, percent-decoded, with U+FFFD for what is not UTF-8; empty when
   * there is none.
   */
  public String fileName() {
    return SourceFileName.ofUrl(uri.toString()).name();
  }

  @Override
  public String toString() {
    var path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + authority() + path;
  }
}
