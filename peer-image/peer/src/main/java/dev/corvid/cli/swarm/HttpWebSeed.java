package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.WebSeed;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.http.BodyStream;
import dev.corvid.http.Clients;
import dev.corvid.net.Version;
import dev.corvid.wire.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A web server that is asked for ranges of a torrent's files (BEP 19). Thread-safe. */
final class HttpWebSeed implements WebSeed {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Metainfo metainfo;
  private final URI base;
  private final HttpClient http;

  private HttpWebSeed(Metainfo metainfo, URI base, HttpClient http) {
    this.metainfo = metainfo;
    this.base = base;
    this.http = http;
  }

  /**
   * @param base the URL of a single file; of the directory in which the torrent's name is, if it
   *     ends with a slash or the torrent has several files
   */
  static WebSeed of(Metainfo metainfo, URI base) {
    var http = Clients.builder(TIMEOUT).followRedirects(HttpClient.Redirect.NORMAL).build();
    return new HttpWebSeed(metainfo, base, http);
  }

  @Override
  public InputStream open(int file, long from, int length)
      throws IOException, InterruptedException {
    var range = from + "-" + (from + length - 1);
    var request =
        HttpRequest.newBuilder(url(file))
            .timeout(TIMEOUT)
            .header("User-Agent", Version.userAgent())
            .header("Range", "bytes=" + range)
            .build();
    var response = http.send(request, BodyStream.handler());
    var sent = response.headers().firstValue("Content-Range").orElse("");
    // A server without ranges will do where all of the file is wanted.
    var right =
        response.statusCode() == 206
            ? sent.startsWith("bytes " + range + "/")
            : response.statusCode() == 200 && length == metainfo.length(file);
    if (right) {
      return response.body();
    }
    response.body().close();
    throw new IOException(
        "it answered with status %d and range '%s' when asked for bytes %s"
            .formatted(response.statusCode(), Printable.name(sent), range));
  }

  /** The client's own time limit ends with the headers. */
  @Override
  public Optional<Duration> patience() {
    return Optional.of(SILENCE);
  }

  private URI url(int file) {
    var text = base.toString();
    if (metainfo.isSingleFile()) {
      return text.endsWith("/") ? URI.create(text + encode(metainfo.name())) : base;
    }
    var path = new StringBuilder(text);
    if (!text.endsWith("/")) {
      path.append('/');
    }
    path.append(encode(metainfo.name()));
    for (var step : metainfo.path(file).split("/")) {
      path.append('/').append(encode(step));
    }
    return URI.create(path.toString());
  }

  private static String encode(String step) {
    return URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return Printable.name(base.toString());
  }
}
