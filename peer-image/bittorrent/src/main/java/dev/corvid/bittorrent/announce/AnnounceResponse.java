package dev.corvid.bittorrent.announce;

import dev.corvid.bittorrent.metainfo.BencodeReader;
import dev.corvid.bittorrent.metainfo.BencodeWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tracker answers (BEP 3, 7, 23).
 *
 * @param interval when to announce again
 * @param minInterval never announce sooner than this, but for an event
 * @param seeds how many peers have all
 * @param leechers how many peers do not
 */
public record AnnounceResponse(
    Duration interval,
    Duration minInterval,
    int seeds,
    int leechers,
    List<InetSocketAddress> peers) {
  private static final int MAX_TEXT = 4096;
  private static final int MAX_PEERS = 1000;
  private static final int MAX_COMPACT_BYTES = MAX_PEERS * 18;
  private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(2);
  private static final long MAX_INTERVAL_SECONDS = Duration.ofHours(1).toSeconds();

  public AnnounceResponse {
    peers = List.copyOf(peers);
  }

  public byte[] encode(boolean compact) {
    var out = new BencodeWriter().dictionary();
    out.key("complete").integer(seeds);
    out.key("incomplete").integer(leechers);
    out.key("interval").integer(interval.toSeconds());
    out.key("min interval").integer(minInterval.toSeconds());
    if (compact) {
      out.key("peers").bytes(CompactPeers.IPV4.encode(peers));
      var ipv6 = CompactPeers.IPV6.encode(peers);
      if (ipv6.length > 0) {
        out.key("peers6").bytes(ipv6);
      }
    } else {
      out.key("peers").list();
      for (var peer : peers) {
        out.dictionary();
        out.key("ip").text(peer.getAddress().getHostAddress());
        out.key("port").integer(peer.getPort());
        out.end();
      }
      out.end();
    }
    return out.end().toBytes();
  }

  /** The answer to a request that cannot be served. */
  public static byte[] encodeFailure(String reason) {
    return new BencodeWriter().dictionary().key("failure reason").text(reason).end().toBytes();
  }

  /**
   * @throws AnnounceException if the tracker refused; the message is the tracker's
   * @throws IOException if the answer is malformed
   */
  public static AnnounceResponse decode(byte[] body) throws IOException {
    var fields = new Fields();
    var in = new BencodeReader(body);
    in.dictionary(
        key -> {
          switch (key) {
            case "failure reason" -> throw new AnnounceException(in.text(MAX_TEXT));
            case "complete" -> fields.seeds = in.integer();
            case "incomplete" -> fields.leechers = in.integer();
            case "interval" -> fields.interval = in.integer();
            case "min interval" -> fields.minInterval = in.integer();
            case "peers" -> {
              if (in.peek() == BencodeReader.Type.LIST) {
                in.list(() -> fields.add(in));
              } else {
                fields.peers.addAll(CompactPeers.IPV4.decode(in.bytes(MAX_COMPACT_BYTES)));
              }
            }
            case "peers6" ->
                fields.peers.addAll(CompactPeers.IPV6.decode(in.bytes(MAX_COMPACT_BYTES)));
            default -> {}
          }
        });
    return fields.toResponse();
  }

  private static final class Fields {
    long seeds;
    long leechers;
    long interval = DEFAULT_INTERVAL.toSeconds();
    long minInterval;
    final List<InetSocketAddress> peers = new ArrayList<>();

    /** The long form; a peer with a host name is left out, because only addresses are dialled. */
    void add(BencodeReader in) throws IOException {
      if (peers.size() == MAX_PEERS) {
        throw new AnnounceException("the tracker sent more than " + MAX_PEERS + " peers");
      }
      var address = new @Nullable String[1];
      var port = new long[1];
      in.dictionary(
          key -> {
            switch (key) {
              case "ip" -> address[0] = in.text(MAX_TEXT);
              case "port" -> port[0] = in.integer();
              default -> {}
            }
          });
      if (address[0] != null && port[0] > 0 && port[0] < 65536) {
        try {
          peers.add(new InetSocketAddress(InetAddress.ofLiteral(address[0]), (int) port[0]));
        } catch (IllegalArgumentException e) {
          // a name, not an address
        }
      }
    }

    AnnounceResponse toResponse() {
      return new AnnounceResponse(
          Duration.ofSeconds(Math.clamp(interval, 1, MAX_INTERVAL_SECONDS)),
          Duration.ofSeconds(Math.clamp(minInterval, 0, MAX_INTERVAL_SECONDS)),
          (int) Math.clamp(seeds, 0, Integer.MAX_VALUE),
          (int) Math.clamp(leechers, 0, Integer.MAX_VALUE),
          peers);
    }
  }
}
