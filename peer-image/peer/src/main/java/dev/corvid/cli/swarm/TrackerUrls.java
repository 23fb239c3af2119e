package dev.corvid.cli.swarm;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Announce URLs, of which a torrent of a stranger may name any, also of other protocols. */
public final class TrackerUrls {
  private static final int MAX_PORT = 65535;

  private TrackerUrls() {}

  /** The URL as it is announced to; empty if it is none, or neither http nor https. */
  public static Optional<String> usable(String url) {
    try {
      var uri = new URI(url);
      var scheme = String.valueOf(uri.getScheme());
      var isUsable =
          (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
              && uri.getHost() != null
              && uri.getPort() <= MAX_PORT
              && uri.getRawFragment() == null;
      return isUsable ? Optional.of(uri.toASCIIString()) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Tiers without those that cannot be used, and without tiers that are empty then. */
  public static List<List<String>> usable(List<List<String>> tiers) {
    return tiers.stream()
        .map(tier -> tier.stream().flatMap(url -> usable(url).stream()).toList())
        .filter(tier -> !tier.isEmpty())
        .toList();
  }

  static List<String> unusable(List<List<String>> tiers) {
    return tiers.stream()
        .flatMap(List::stream)
        .distinct()
        .filter(url -> usable(url).isEmpty())
        .toList();
  }
}
