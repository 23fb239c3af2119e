package dev.corvid.bittorrent.announce;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.metainfo.InfoHash;

/**
 * What a peer sends to a tracker (BEP 3). The address in {@code ip} is ignored: its address is
 * where the request comes from, or anybody could send a swarm against anybody.
 *
 * @param port where the peer accepts connections
 * @param uploaded bytes since it started
 * @param downloaded bytes since it started
 * @param left bytes it still needs; 0 makes it a seed
 * @param wanted how many other peers it asks for at most
 * @param compact whether it takes the short form of peers (BEP 23)
 */
public record AnnounceRequest(
    InfoHash infoHash,
    PeerId peerId,
    int port,
    long uploaded,
    long downloaded,
    long left,
    AnnounceEvent event,
    int wanted,
    boolean compact) {
  public static final int DEFAULT_WANTED = 50;

  /**
   * @param rawQuery the part behind the question mark, still percent-encoded
   */
  public static AnnounceRequest parse(String rawQuery) throws AnnounceException {
    var query = QueryString.parse(rawQuery);
    var hashes = query.infoHashes();
    if (hashes.size() != 1) {
      throw new AnnounceException("one info_hash is needed");
    }
    var peerId = query.all("peer_id");
    if (peerId.size() != 1 || peerId.getFirst().length != PeerId.LENGTH) {
      throw new AnnounceException("one peer_id of 20 bytes is needed");
    }
    return new AnnounceRequest(
        hashes.getFirst(),
        PeerId.of(peerId.getFirst()),
        query
            .number("port", 1, 65535)
            .orElseThrow(() -> new AnnounceException("a port is needed"))
            .intValue(),
        query.number("uploaded", 0, Long.MAX_VALUE).orElse(0L),
        query.number("downloaded", 0, Long.MAX_VALUE).orElse(0L),
        query.number("left", 0, Long.MAX_VALUE).orElse(Long.MAX_VALUE),
        AnnounceEvent.parse(query.text("event").orElse("")),
        wanted(query),
        query.text("compact").orElse("1").equals("1"));
  }

  /** Some clients send -1 for "as many as you like". */
  private static int wanted(QueryString query) throws AnnounceException {
    var wanted = query.number("numwant", -1, Integer.MAX_VALUE).orElse(-1L).intValue();
    return wanted < 0 ? DEFAULT_WANTED : wanted;
  }

  public String toQuery() {
    var query =
        "info_hash=%s&peer_id=%s&port=%d&uploaded=%d&downloaded=%d&left=%d&numwant=%d&compact=%d"
            .formatted(
                QueryString.encode(infoHash.toBytes()),
                QueryString.encode(peerId.toBytes()),
                port,
                uploaded,
                downloaded,
                left,
                wanted,
                compact ? 1 : 0);
    return event == AnnounceEvent.NONE ? query : query + "&event=" + event.text();
  }

  public boolean seeds() {
    return left == 0;
  }
}
