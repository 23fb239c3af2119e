package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * One GET of one URL, redirects included. Redirects are followed by hand, because each hop is
 * judged anew: where it leads ({@link PinnedConnections}), and that credentials never leave the
 * origin that the user wrote.
 */
final class HttpOrigin implements AutoCloseable {
  private static final int MAX_REDIRECTS = 5;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /**
   * What is asked for.
   *
   * @param last byte of it; -1 for all that follow
   * @param validator of the bytes before the first; null for whatever the source has
   */
  private record Wanted(long first, long last, String validator) {
    void into(HttpRequest.Builder request) {
      if (first > 0 || last >= 0) {
        request.setHeader("Range", "bytes=" + first + "-" + (last < 0 ? "" : last));
      }
      if (first > 0 && validator != null) {
        request.setHeader("If-Range", validator);
      }
    }
  }

  private final PinnedConnections connections;
  private final Credentials credentials;

  HttpOrigin(PinnedConnections connections, Credentials credentials) {
    this.connections = connections;
    this.credentials = credentials;
  }

  /**
   * The source's bytes from an offset on. A source that cannot or will not continue answers with
   * the whole: the answer says its offset.
   *
   * @param validator of the bytes before the offset; null to continue whatever the source has
   */
  Answer get(SourceUrl url, long offset, String validator)
      throws SourceException, InterruptedException {
    return get(url, new Wanted(offset, -1, validator));
  }

  /**
   * Some of the source's bytes. A source that cannot send ranges answers with the whole: the answer
   * says where it begins and ends.
   */
  Answer range(SourceUrl url, long from, long length) throws SourceException, InterruptedException {
    return get(url, new Wanted(from, from + length - 1, null));
  }

  private Answer get(SourceUrl url, Wanted wanted) throws SourceException, InterruptedException {
    var hop = url;
    boolean left = false;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      List<Credentials.Header> proof = left ? List.of() : credentials.headersFor(hop);
      var response = send(hop, wanted, proof);
      boolean answered = false;
      try {
        int status = response.status();
        if (!isRedirect(status)) {
          var answer = answer(url, hop, wanted.first(), left, response);
          answered = true;
          return answer;
        }
        var next = hop.redirectedTo(location(hop, response));
        if (hop.isSecure() && !next.isSecure()) {
          throw unreachable(hop + " redirects from https to http, to " + next, null);
        }
        left |= !next.hasOriginOf(url);
        hop = next;
      } finally {
        if (!answered) {
          closeQuietly(response.body());
        }
      }
    }
    throw unreachable(url + " redirects more than " + MAX_REDIRECTS + " times", null);
  }

  private PinnedConnections.Reply send(SourceUrl hop, Wanted wanted, List<Credentials.Header> proof)
      throws SourceException, InterruptedException {
    try {
      return connections.send(
          hop,
          request -> {
            request
                .setHeader("User-Agent", "corvid-seeder")
                .setHeader("Accept-Encoding", "identity");
            wanted.into(request);
            proof.forEach(header -> request.setHeader(header.name(), header.value()));
          });
    } catch (SourceException e) {
      throw e;
    } catch (HttpTimeoutException e) {
      throw unreachable(hop + " does not answer in time", e);
    } catch (ConnectException e) {
      throw unreachable(hop + " cannot be connected to: " + words(e), e);
    } catch (SSLException e) {
      throw unreachable(
          hop
              + " has a certificate that is not trusted or not for this host ("
              + words(e)
              + "); a private authority belongs into ca.crt of the Secret or the chart's caBundle",
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable(hop + " cannot be fetched: " + words(e), e);
    }
  }

  private Answer answer(
      SourceUrl url, SourceUrl hop, long offset, boolean left, PinnedConnections.Reply response)
      throws SourceException {
    int status = response.status();
    var headers = response.headers();
    var validator =
        headers
            .firstValue("ETag")
            .filter(tag -> !tag.startsWith("W/"))
            .or(() -> headers.firstValue("Last-Modified"))
            .orElse(null);
    switch (status) {
      case 200 -> {
        long total = headers.firstValueAsLong("Content-Length").orElse(-1);
        boolean chunked = headers.firstValue("Transfer-Encoding").isPresent();
        return new Answer(url, 0, total, total, total >= 0 || chunked, validator, response.body());
      }
      case 206 -> {
        Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
          throw unreachable(hop + " answers with another range than was asked for", null);
        }
        long end = Long.parseLong(range.group(2)) + 1;
        long total = Long.parseLong(range.group(3));
        return new Answer(url, offset, end, total, true, validator, response.body());
      }
      case 401, 403 ->
          throw new SourceException(
              Reason.SourceAuthFailed,
              hop
                  + " answers "
                  + status
                  + (left
                      ? "; no credentials were sent, because it is another host than "
                          + url.authority()
                          + ", which redirects there"
                      : credentials.whyNone(hop)));
      case 407 -> throw unreachable("the proxy wants credentials (407)", null);
      default -> throw unreachable(hop + " answers " + status, null);
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    connections.close();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static String location(SourceUrl hop, PinnedConnections.Reply response)
      throws SourceException {
    return response
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> unreachable(hop + " redirects without saying where", null));
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static SourceException unreachable(String message, Throwable cause) {
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
