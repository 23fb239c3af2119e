package dev.corvid.opentracker;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.announce.AnnounceException;
import dev.corvid.bittorrent.announce.AnnounceRequest;
import dev.corvid.bittorrent.announce.AnnounceResponse;
import dev.corvid.bittorrent.announce.Scrape;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * {@code GET /announce} and {@code GET /scrape} of a tracker. As trackers do, it refuses with
 * status 200 and a {@code failure reason}, which clients show to their users.
 */
public final class AnnounceService implements HttpService {
  private final SwarmRegistry registry;

  public AnnounceService(SwarmRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/announce", (request, response) -> answer(response, () -> announce(request)))
        .get("/scrape", (request, response) -> answer(response, () -> scrape(request)));
  }

  private interface Answer {
    byte[] encode() throws AnnounceException;
  }

  private byte[] announce(ServerRequest request) throws AnnounceException {
    var announce = AnnounceRequest.parse(query(request));
    return registry.announce(announce, address(request)).encode(announce.compact());
  }

  private byte[] scrape(ServerRequest request) throws AnnounceException {
    return Scrape.encode(registry.scrape(Scrape.parse(query(request))));
  }

  private static void answer(ServerResponse response, Answer answer) {
    byte[] body;
    try {
      body = answer.encode();
    } catch (AnnounceException e) {
      body = AnnounceResponse.encodeFailure(ErrorMessage.of(e));
    }
    response.header(HeaderNames.CONTENT_TYPE, "text/plain").send(body);
  }

  private static String query(ServerRequest request) {
    return request.prologue().query().rawValue();
  }

  private static InetAddress address(ServerRequest request) {
    return ((InetSocketAddress) request.remotePeer().address()).getAddress();
  }
}
