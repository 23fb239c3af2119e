package dev.corvid.bittorrent.wire;

import dev.corvid.bittorrent.metainfo.BencodeReader;
import dev.corvid.bittorrent.metainfo.BencodeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Serves the info dictionary in blocks of 16 KiB (BEP 9, ut_metadata). */
public final class MetadataExchange {
  public static final int BLOCK = 16 << 10;
  public static final int REQUEST = 0;
  public static final int DATA = 1;
  public static final int REJECT = 2;

  /** The dictionary in front of every message; DATA is followed by the block. */
  public record Header(int type, int block, int totalSize) {
    public byte[] encode() {
      var out =
          new BencodeWriter()
              .dictionary()
              .key("msg_type")
              .integer(type)
              .key("piece")
              .integer(block);
      if (type == DATA) {
        out.key("total_size").integer(totalSize);
      }
      return out.end().toBytes();
    }

    /** Reads the dictionary and leaves the buffer at the block behind it. */
    public static Header decode(ByteBuffer in) throws IOException {
      var reader = new BencodeReader(in);
      var fields = new long[] {-1, -1, 0};
      reader.dictionary(
          key -> {
            switch (key) {
              case "msg_type" -> fields[0] = reader.integer();
              case "piece" -> fields[1] = reader.integer();
              case "total_size" -> fields[2] = reader.integer();
              default -> {}
            }
          });
      for (var field : fields) {
        if (field < -1 || field > Integer.MAX_VALUE) {
          throw new ProtocolException("a metadata message out of range");
        }
      }
      return new Header((int) fields[0], (int) fields[1], (int) fields[2]);
    }
  }

  private final ByteBuffer info;

  public MetadataExchange(ByteBuffer info) {
    this.info = info;
  }

  public int size() {
    return info.remaining();
  }

  /**
   * The answer to a request; nothing for any other message.
   *
   * @param busy whether it is refused for now, as BEP 9 allows
   */
  public Optional<byte[]> answer(byte[] payload, boolean busy) throws IOException {
    var header = Header.decode(ByteBuffer.wrap(payload));
    if (header.type() != REQUEST) {
      return Optional.empty();
    }
    if (busy || header.block() < 0 || (long) header.block() * BLOCK >= size()) {
      return Optional.of(new Header(REJECT, header.block(), 0).encode());
    }
    var at = header.block() * BLOCK;
    var head = new Header(DATA, header.block(), size()).encode();
    var count = Math.min(BLOCK, size() - at);
    var answer = new byte[head.length + count];
    System.arraycopy(head, 0, answer, 0, head.length);
    info.get(info.position() + at, answer, head.length, count);
    return Optional.of(answer);
  }
}
