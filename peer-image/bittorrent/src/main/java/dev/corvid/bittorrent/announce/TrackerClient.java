package dev.corvid.bittorrent.announce;

import static java.util.Objects.requireNonNullElse;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.net.Version;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Talks to trackers by HTTP. Thread-safe; calls block, so use a virtual thread. */
public final class TrackerClient implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final Supplier<HttpClient.Builder> clients;
  private final InetAddress local;

  /** Null until the first request. */
  private @Nullable HttpClient http;

  /**
   * @param clients builds the HTTP client, once, when the first request is sent: to make one takes
   *     a tenth of a short program's start
   * @param local the address to send from, because trackers take it as the peer's own; a wildcard
   *     address leaves the choice to the kernel
   */
  public TrackerClient(Supplier<HttpClient.Builder> clients, InetAddress local) {
    this.clients = clients;
    this.local = local;
  }

  /**
   * @throws AnnounceException if the tracker refuses, with its own words
   * @throws IOException if it cannot be reached or its answer is malformed
   */
  public AnnounceResponse announce(URI tracker, AnnounceRequest request, Duration timeout)
      throws IOException, InterruptedException {
    return AnnounceResponse.decode(get(withQuery(tracker, request.toQuery()), timeout));
  }

  /** Asks about one torrent at the URL that the announce URL stands for (BEP 48). */
  public Map<InfoHash, Scrape.Counts> scrape(URI tracker, InfoHash torrent, Duration timeout)
      throws IOException, InterruptedException {
    var path = tracker.getRawPath();
    var name = path.lastIndexOf('/') + 1;
    if (!path.startsWith("announce", name)) {
      throw new AnnounceException(tracker + " has no URL for scrape");
    }
    var scrapePath = path.substring(0, name) + "scrape" + path.substring(name + 8);
    var url = tracker.resolve(scrapePath);
    return Scrape.decode(
        get(withQuery(url, "info_hash=" + QueryString.encode(torrent.toBytes())), timeout));
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
    }
  }

  private synchronized HttpClient http() {
    if (http == null) {
      var builder = clients.get().followRedirects(HttpClient.Redirect.NORMAL);
      if (!local.isAnyLocalAddress()) {
        builder.localAddress(local);
      }
      http = builder.build();
    }
    return http;
  }

  /** The time is for all of the answer: a request's own time-out ends with the headers. */
  private byte[] get(URI url, Duration timeout) throws IOException, InterruptedException {
    var exchange =
        http()
            .sendAsync(
                HttpRequest.newBuilder(url).header("User-Agent", Version.userAgent()).build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES));
    try {
      var response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() != 200) {
        throw new AnnounceException("it answered with status " + response.statusCode());
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    } catch (ExecutionException e) {
      throw trouble(requireNonNullElse(e.getCause(), e));
    } finally {
      exchange.cancel(true);
    }
  }

  private static IOException trouble(Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException _ -> new IOException("no answer in time", cause);
      case ConnectException _ -> new IOException("it does not accept connections", cause);
      default -> new IOException(ErrorMessage.of(cause), cause);
    };
  }

  private static URI withQuery(URI url, String query) throws AnnounceException {
    var scheme = String.valueOf(url.getScheme());
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")
        || url.getHost() == null) {
      throw new AnnounceException("only http and https URLs of trackers are supported");
    }
    var separator = url.getRawQuery() == null ? "?" : "&";
    return URI.create(url + separator + query);
  }
}
