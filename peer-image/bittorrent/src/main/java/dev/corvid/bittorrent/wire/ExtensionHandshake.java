package dev.corvid.bittorrent.wire;

import dev.corvid.bittorrent.metainfo.BencodeReader;
import dev.corvid.bittorrent.metainfo.BencodeWriter;
import dev.corvid.net.Version;
import java.io.IOException;

/**
 * The handshake of BEP 10: what a peer understands beyond BEP 3.
 *
 * @param metadataId message id for ut_metadata (BEP 9), 0 if it does not speak it
 * @param metadataSize bytes of the info dictionary, 0 if it does not have it
 * @param largestBlock the largest block it takes, by Corvid's own key; 0 from a foreign peer
 * @param requestQueue requests that it keeps
 * @param port where it listens, 0 if not sent
 * @param location where it is, by Corvid's own keys
 * @param onlyFirst it fetches so many pieces, the first ones, and no others, by Corvid's own key;
 *     0: all
 */
public record ExtensionHandshake(
    int metadataId,
    int metadataSize,
    int largestBlock,
    int requestQueue,
    int port,
    Location location,
    int onlyFirst) {
  public static final int UT_METADATA = 1;
  public static final int DEFAULT_QUEUE = 250;

  /** Assumed of a peer until it has sent its own. */
  public static final ExtensionHandshake NONE =
      new ExtensionHandshake(0, 0, 0, DEFAULT_QUEUE, 0, Location.NOWHERE, 0);

  private static final String CORVID_BLOCK = "corvid_block";
  private static final String CORVID_FIRST = "corvid_first";
  private static final String CORVID_HOST = "corvid_host";
  private static final String CORVID_ZONE = "corvid_zone";
  private static final int MAX_TEXT = 63;

  public boolean isCorvid() {
    return largestBlock > 0;
  }

  public byte[] encode() {
    var out = new BencodeWriter().dictionary().key(CORVID_BLOCK).integer(largestBlock);
    if (onlyFirst > 0) {
      out.key(CORVID_FIRST).integer(onlyFirst);
    }
    if (!location.host().isEmpty()) {
      out.key(CORVID_HOST).text(location.host());
    }
    if (!location.zone().isEmpty()) {
      out.key(CORVID_ZONE).text(location.zone());
    }
    out.key("m").dictionary().key("ut_metadata").integer(metadataId).end();
    if (metadataSize > 0) {
      out.key("metadata_size").integer(metadataSize);
    }
    if (port > 0) {
      out.key("p").integer(port);
    }
    return out.key("reqq")
        .integer(requestQueue)
        .key("v")
        .text("Corvid " + Version.text())
        .end()
        .toBytes();
  }

  public static ExtensionHandshake decode(byte[] payload) throws IOException {
    var in = new BencodeReader(payload);
    var read =
        new Object() {
          long id;
          long size;
          long block;
          long queue = DEFAULT_QUEUE;
          long port;
          long first;
          String host = "";
          String zone = "";
        };
    in.dictionary(
        key -> {
          switch (key) {
            case CORVID_BLOCK -> read.block = in.integer();
            case CORVID_FIRST -> read.first = in.integer();
            case CORVID_HOST -> read.host = in.text(MAX_TEXT);
            case CORVID_ZONE -> read.zone = in.text(MAX_TEXT);
            case "m" ->
                in.dictionary(
                    name -> {
                      if (name.equals("ut_metadata")) {
                        read.id = in.integer();
                      }
                    });
            case "metadata_size" -> read.size = in.integer();
            case "p" -> read.port = in.integer();
            case "reqq" -> read.queue = in.integer();
            default -> {}
          }
        });
    return new ExtensionHandshake(
        within(read.id, 255),
        within(read.size, Integer.MAX_VALUE),
        block(read.block),
        Math.clamp(read.queue, 1, 2000),
        within(read.port, 65535),
        new Location(read.zone, read.host),
        within(read.first, Integer.MAX_VALUE));
  }

  private static int within(long value, int most) {
    return value < 0 || value > most ? 0 : (int) value;
  }

  /** A power of two from 16 KiB to 1 MiB, or 0: then it is a foreign peer. */
  private static int block(long value) {
    return value >= 16 << 10 && value <= 1 << 20 ? Integer.highestOneBit((int) value) : 0;
  }
}
