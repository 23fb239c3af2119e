package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A .torrent file: an info dictionary and where to find peers (BEP 3, 12, 19).
 *
 * @param trackers announce URLs in tiers; the first tier is tried first
 * @param webSeeds {@code url-list}: servers of the same content
 */
public record TorrentFile(Metainfo metainfo, List<List<String>> trackers, List<String> webSeeds) {
  private static final int MAX_URL_BYTES = 2048;
  private static final int MAX_URLS = 256;
  private static final int MAX_TIERS = 64;

  public TorrentFile {
    trackers = trackers.stream().map(List::copyOf).toList();
    webSeeds = List.copyOf(webSeeds);
  }

  /**
   * @throws MetainfoException if the file is malformed or exceeds a bound
   */
  public static TorrentFile parse(byte[] bytes) throws MetainfoException {
    try {
      return read(new BencodeReader(bytes));
    } catch (MetainfoException e) {
      throw e;
    } catch (IOException e) {
      throw new MetainfoException("not a torrent: " + e.getMessage(), e);
    }
  }

  public byte[] encode() {
    var out = new BencodeWriter().dictionary();
    if (!trackers.isEmpty()) {
      out.key("announce").text(trackers.getFirst().getFirst());
    }
    if (trackers.size() > 1 || trackers.stream().anyMatch(tier -> tier.size() > 1)) {
      out.key("announce-list").list();
      for (var tier : trackers) {
        out.list();
        tier.forEach(out::text);
        out.end();
      }
      out.end();
    }
    out.key("info").raw(metainfo.infoBytes());
    if (!webSeeds.isEmpty()) {
      out.key("url-list").list();
      webSeeds.forEach(out::text);
      out.end();
    }
    return out.end().toBytes();
  }

  private static TorrentFile read(BencodeReader in) throws IOException {
    var fields = new Fields();
    in.dictionary(
        key -> {
          switch (key) {
            case "announce" -> fields.announce = List.of(List.of(in.text(MAX_URL_BYTES)));
            case "announce-list" -> in.list(() -> fields.addTier(urls(in)));
            case "info" -> fields.info = in.rawValue();
            case "url-list" -> fields.webSeeds = urls(in);
            default -> {}
          }
        });
    in.end();
    if (fields.info == null) {
      throw new MetainfoException("the torrent has no info dictionary");
    }
    fields.tiers.removeIf(List::isEmpty);
    var trackers = fields.tiers.isEmpty() ? fields.announce : fields.tiers; // BEP 12
    return new TorrentFile(Metainfo.ofInfo(fields.info), trackers, fields.webSeeds);
  }

  /** BEP 19 allows one string in place of a list. */
  private static List<String> urls(BencodeReader in) throws IOException {
    List<String> urls = new ArrayList<>();
    if (in.peek() == BencodeReader.Type.STRING) {
      urls.add(in.text(MAX_URL_BYTES));
    } else {
      in.list(
          () -> {
            if (urls.size() == MAX_URLS) {
              throw new MetainfoException("more than " + MAX_URLS + " URLs in one list");
            }
            urls.add(in.text(MAX_URL_BYTES));
          });
    }
    urls.removeIf(String::isBlank);
    return urls;
  }

  private static final class Fields {
    List<List<String>> announce = List.of();
    final List<List<String>> tiers = new ArrayList<>();
    List<String> webSeeds = List.of();
    @Nullable ByteBuffer info;

    void addTier(List<String> urls) throws MetainfoException {
      if (tiers.size() == MAX_TIERS) {
        throw new MetainfoException("more than " + MAX_TIERS + " tiers of trackers");
      }
      tiers.add(urls);
    }
  }
}
