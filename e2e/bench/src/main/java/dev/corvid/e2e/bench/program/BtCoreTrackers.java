package dev.corvid.e2e.bench.program;

import bt.bencoding.serializers.BEParser;
import bt.bencoding.types.BEString;
import bt.metainfo.TorrentId;
import bt.runtime.Config;
import bt.service.IdentityService;
import bt.tracker.CompactPeerInfo;
import bt.tracker.Tracker;
import bt.tracker.TrackerFactory;
import bt.tracker.TrackerRequestBuilder;
import bt.tracker.TrackerResponse;
import com.google.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * HTTP trackers (BEP 3, BEP 23) for bt-core, which has UDP trackers only: its own module for HTTP
 * needs Apache's HttpClient 4. As that module does, it does not report how much is left.
 */
final class BtCoreTrackers implements TrackerFactory {
  private final IdentityService identity;
  private final int port;
  private final HttpClient http;

  /** The tracker lists the address that requests come from: the one that the client listens on. */
  @Inject
  BtCoreTrackers(IdentityService identity, Config config) {
    this.identity = identity;
    this.port = config.getAcceptorPort();
    this.http = HttpClient.newBuilder().localAddress(config.getAcceptorAddress()).build();
  }

  @Override
  public Tracker getTracker(String url) {
    return new HttpTracker(url);
  }

  private final class HttpTracker implements Tracker {
    private final String url;

    HttpTracker(String url) {
      this.url = url;
    }

    @Override
    public TrackerRequestBuilder request(TorrentId torrent) {
      return new TrackerRequestBuilder(torrent) {
        @Override
        public TrackerResponse start() {
          return announce(torrent, "&event=started");
        }

        @Override
        public TrackerResponse stop() {
          return announce(torrent, "&event=stopped");
        }

        @Override
        public TrackerResponse complete() {
          return announce(torrent, "&event=completed");
        }

        @Override
        public TrackerResponse query() {
          return announce(torrent, "");
        }
      };
    }

    private TrackerResponse announce(TorrentId torrent, String event) {
      var query =
          "?info_hash=%s&peer_id=%s&port=%d&uploaded=0&downloaded=0&left=1&compact=1%s"
              .formatted(
                  escaped(torrent.getBytes()),
                  escaped(identity.getLocalPeerId().getBytes()),
                  port,
                  event);
      try {
        var request = HttpRequest.newBuilder(URI.create(url + query)).build();
        return response(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
      } catch (IOException e) {
        return TrackerResponse.exceptional(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return TrackerResponse.exceptional(e);
      }
    }

    @Override
    public void close() {
      // It holds nothing.
    }
  }

  private static TrackerResponse response(byte[] body) {
    try (var parser = new BEParser(body)) {
      if (parser.readMap().getValue().get("peers") instanceof BEString peers) {
        var response = TrackerResponse.ok();
        response.setPeers(new CompactPeerInfo(peers.getValue(), CompactPeerInfo.AddressType.IPV4));
        return response;
      }
      return TrackerResponse.failure("no compact list of peers");
    }
  }

  private static String escaped(byte[] bytes) {
    var text = new StringBuilder();
    for (var each : bytes) {
      text.append('%').append("%02x".formatted(each));
    }
    return text.toString();
  }
}
