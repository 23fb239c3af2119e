package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.WebSeed;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * Web servers beside or instead of peers (BEP 19): the user's, and those that the torrent names.
 */
final class WebSeeds {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--web-seed",
      paramLabel = "URL",
      description =
          "A web server that has the content, in addition to those that the torrent names; repeatable. Not"
              + " for private torrents.")
  private List<String> urls = List.of();

  /**
   * @throws ParameterException if the torrent is private, or a URL of the user's is of no use
   */
  List<WebSeed> of(TorrentFile torrent) {
    return urls(torrent).stream().map(url -> HttpWebSeed.of(torrent.metainfo(), url)).toList();
  }

  private Collection<URI> urls(TorrentFile torrent) {
    if (torrent.metainfo().isPrivate()) {
      if (!urls.isEmpty()) {
        throw wrong("the torrent is private: it comes from its peers alone, not from --web-seed");
      }
      return List.of();
    }
    Set<URI> found = new LinkedHashSet<>();
    for (var url : urls) {
      found.addAll(usable(url));
      if (usable(url).isEmpty()) {
        throw wrong("--web-seed takes an http or https URL, not '" + url + "'");
      }
    }
    for (var url : torrent.webSeeds()) {
      found.addAll(usable(url));
    }
    return found;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** Torrents also name FTP servers. */
  private static List<URI> usable(String url) {
    try {
      var uri = new URI(url);
      var scheme = String.valueOf(uri.getScheme());
      var web = scheme.equals("http") || scheme.equals("https");
      return web && uri.getHost() != null ? List.of(uri) : List.of();
    } catch (URISyntaxException e) {
      return List.of();
    }
  }
}
