package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A source's URL: http or https, with a host, without credentials in it. Its text form leaves out
 * the query, which may hold a signature.
 *
 * @param uri absolute
 */
record SourceUrl(URI uri) {
  static SourceUrl parse(String text) throws SourceException {
    try {
      return checked(new URI(text));
    } catch (URISyntaxException e) {
      throw new SourceException(
          Reason.InvalidSpec, "the source's URL is malformed: " + e.getReason());
    }
  }

  /** The URL that a redirect from this one leads to. */
  SourceUrl redirectedTo(String location) throws SourceException {
    try {
      return checked(uri.resolve(new URI(location)));
    } catch (URISyntaxException e) {
      throw new SourceException(
          Reason.SourceUnreachable, this + " redirects to a malformed URL: " + e.getReason());
    }
  }

  private static SourceUrl checked(URI uri) throws SourceException {
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
      throw new SourceException(
          Reason.InvalidSpec,
          "the source's URL must begin with http:// or https:// and name a host");
    }
    var url = new SourceUrl(uri);
    if (uri.getRawUserInfo() != null) {
      throw new SourceException(
          Reason.InvalidSpec,
          url + " has credentials in it; put them into the Secret of spec.source.secretRef");
    }
    return url;
  }

  boolean isSecure() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  /** Lower case; a literal IPv6 address in brackets. */
  String host() {
    return uri.getHost().toLowerCase(Locale.ROOT);
  }

  int port() {
    return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
  }

  boolean hasDefaultPort() {
    return port() == (isSecure() ? 443 : 80);
  }

  /** The value of the Host header. */
  String authority() {
    return uri.getPort() < 0 ? host() : host() + ":" + uri.getPort();
  }

  /** Scheme, host and port (RFC 6454), the port always written out. */
  String origin() {
    return (isSecure() ? "https://" : "http://") + host() + ":" + port();
  }

  boolean hasOriginOf(SourceUrl other) {
    return origin().equals(other.origin());
  }

  /** The last component of the path, percent-decoded; empty when there is none. */
  String fileName() {
    var path = uri.getRawPath() == null ? "" : uri.getRawPath();
    var last = path.substring(path.lastIndexOf('/') + 1);
    // A plus is a plus in a path; only in a form does it mean a blank.
    return URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    var path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + authority() + path;
  }
}
