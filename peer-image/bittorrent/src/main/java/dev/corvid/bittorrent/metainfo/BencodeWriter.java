package dev.corvid.bittorrent.metainfo;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes bencode (BEP 3) in the order of its calls. A key out of order is a bug in the caller and
 * throws: the same calls always give the same bytes, and {@link BencodeReader} reads them back.
 *
 * <p>Not thread-safe.
 */
public final class BencodeWriter {
  /** Stands for a list on the stack, and for a dictionary that has no key yet. */
  private static final String NONE = "";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deque<String> lastKeys = new ArrayDeque<>();

  public BencodeWriter dictionary() {
    out.write('d');
    lastKeys.push(NONE);
    return this;
  }

  public BencodeWriter list() {
    out.write('l');
    lastKeys.push(NONE);
    return this;
  }

  /** Ends the innermost dictionary or list. */
  public BencodeWriter end() {
    lastKeys.pop();
    out.write('e');
    return this;
  }

  /**
   * @param key its chars are bytes (ISO 8859-1), not empty
   */
  public BencodeWriter key(String key) {
    var last = lastKeys.pop();
    if (last.compareTo(key) >= 0) {
      throw new IllegalStateException("key '" + key + "' after '" + last + "'");
    }
    lastKeys.push(key);
    return bytes(key.getBytes(StandardCharsets.ISO_8859_1));
  }

  public BencodeWriter integer(long value) {
    ascii("i" + value + "e");
    return this;
  }

  public BencodeWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public BencodeWriter bytes(byte[] value) {
    ascii(value.length + ":");
    out.writeBytes(value);
    return this;
  }

  /** A value that is bencoded already. */
  public BencodeWriter raw(ByteBuffer bencoded) {
    var copy = new byte[bencoded.remaining()];
    bencoded.get(bencoded.position(), copy);
    out.writeBytes(copy);
    return this;
  }

  public byte[] toBytes() {
    if (!lastKeys.isEmpty()) {
      throw new IllegalStateException(lastKeys.size() + " dictionaries or lists are open");
    }
    return out.toByteArray();
  }

  private void ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
