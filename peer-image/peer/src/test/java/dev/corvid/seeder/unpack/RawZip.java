package dev.corvid.seeder.unpack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A zip byte by byte, as tools of all kinds make them; entries are stored unless they say else. */
public final class RawZip {
  private static final int UNIX = 3;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int entries;
  private byte[] comment = {};

  /** One entry; each {@code with} gives a copy. */
  public record Entry(
      byte[] name, byte[] packed, byte[] plain, int method, int flags, int system, int mode) {
    public static Entry of(String name, String text) {
      return of(name.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    public static Entry of(byte[] name, byte[] plain) {
      return new Entry(name, plain, plain, 0, 0, 0, 0);
    }

    public Entry packed(int by, byte[] bytes) {
      return new Entry(name, bytes, plain, by, flags, system, mode);
    }

    public Entry flags(int bits) {
      return new Entry(name, packed, plain, method, bits, system, mode);
    }

    public Entry unix(int bits) {
      return new Entry(name, packed, plain, method, flags, UNIX, bits);
    }
  }

  public RawZip add(Entry entry) {
    return add(entry, crc(entry.plain()), entry.plain().length);
  }

  public RawZip add(String name, String text) {
    return add(Entry.of(name, text));
  }

  /** With a sum and a size of one's own. */
  public RawZip add(Entry entry, long crc, int size) {
    int at = body.size();
    byte[] common = common(entry, crc, size);
    body.writeBytes(ints(0x04034b50));
    body.writeBytes(common);
    body.writeBytes(entry.name());
    body.writeBytes(entry.packed());
    directory.writeBytes(ints(0x02014b50));
    directory.writeBytes(new byte[] {20, (byte) entry.system()});
    directory.writeBytes(common);
    directory.writeBytes(new byte[6]);
    directory.writeBytes(ints(entry.mode() << 16, at));
    directory.writeBytes(entry.name());
    entries++;
    return this;
  }

  public RawZip comment(byte[] bytes) {
    comment = bytes;
    return this;
  }

  public byte[] end() {
    return end(0);
  }

  /**
   * @param shift by which the directory's place is said wrong
   */
  public byte[] end(int shift) {
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(body.toByteArray());
    whole.writeBytes(directory.toByteArray());
    whole.writeBytes(
        ByteBuffer.allocate(22)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0x06054b50)
            .putInt(0)
            .putShort((short) entries)
            .putShort((short) entries)
            .putInt(directory.size())
            .putInt(body.size() + shift)
            .putShort((short) comment.length)
            .array());
    whole.writeBytes(comment);
    return whole.toByteArray();
  }

  private static byte[] common(Entry entry, long crc, int size) {
    return ByteBuffer.allocate(26)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) 20)
        .putShort((short) entry.flags())
        .putShort((short) entry.method())
        .putShort((short) 0)
        .putShort((short) 0x5a21)
        .putInt((int) crc)
        .putInt(entry.packed().length)
        .putInt(size)
        .putShort((short) entry.name().length)
        .putShort((short) 0)
        .array();
  }

  private static byte[] ints(int... numbers) {
    var buffer = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : numbers) {
      buffer.putInt(number);
    }
    return buffer.array();
  }

  public static long crc(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
