package dev.corvid.bittorrent.announce;

import dev.corvid.bittorrent.metainfo.BencodeReader;
import dev.corvid.bittorrent.metainfo.BencodeWriter;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asking a tracker how swarms are doing, without joining them (BEP 48). */
public final class Scrape {
  private static final int MAX_TORRENTS = 74; // as many as a query of 4 KiB holds

  private Scrape() {}

  /**
   * @param seeds peers that have all
   * @param downloads how often a peer reported that it has become complete
   * @param leechers peers that do not have all
   */
  public record Counts(int seeds, long downloads, int leechers) {}

  /** The torrents in a query: at least one, because listing all of them is not allowed. */
  public static List<InfoHash> parse(String rawQuery) throws AnnounceException {
    var hashes = QueryString.parse(rawQuery).infoHashes();
    if (hashes.isEmpty() || hashes.size() > MAX_TORRENTS) {
      throw new AnnounceException("from 1 to " + MAX_TORRENTS + " info_hash are needed");
    }
    return hashes;
  }

  public static byte[] encode(Map<InfoHash, Counts> torrents) {
    Map<InfoHash, Counts> sorted = new TreeMap<>(Comparator.comparing(InfoHash::hex));
    sorted.putAll(torrents);
    var out = new BencodeWriter().dictionary().key("files").dictionary();
    sorted.forEach(
        (hash, counts) -> {
          out.key(new String(hash.toBytes(), StandardCharsets.ISO_8859_1)).dictionary();
          out.key("complete").integer(counts.seeds);
          out.key("downloaded").integer(counts.downloads);
          out.key("incomplete").integer(counts.leechers);
          out.end();
        });
    return out.end().end().toBytes();
  }

  public static Map<InfoHash, Counts> decode(byte[] body) throws IOException {
    Map<InfoHash, Counts> torrents = new TreeMap<>(Comparator.comparing(InfoHash::hex));
    var in = new BencodeReader(body);
    in.dictionary(
        key -> {
          if (key.equals("failure reason")) {
            throw new AnnounceException(in.text(4096));
          }
          if (key.equals("files")) {
            in.dictionary(hash -> torrents.put(hash(hash), counts(in)));
          }
        });
    return torrents;
  }

  private static InfoHash hash(String key) throws AnnounceException {
    if (key.length() != InfoHash.LENGTH) {
      throw new AnnounceException("the tracker named a torrent without an info-hash");
    }
    return InfoHash.of(key.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Counts counts(BencodeReader in) throws IOException {
    var counts = new long[3];
    in.dictionary(
        key -> {
          switch (key) {
            case "complete" -> counts[0] = in.integer();
            case "downloaded" -> counts[1] = in.integer();
            case "incomplete" -> counts[2] = in.integer();
            default -> {}
          }
        });
    return new Counts(
        Math.clamp(counts[0], 0, Integer.MAX_VALUE),
        counts[1],
        Math.clamp(counts[2], 0, Integer.MAX_VALUE));
  }
}
