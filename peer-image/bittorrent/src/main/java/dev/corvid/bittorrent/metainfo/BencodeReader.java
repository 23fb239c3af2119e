package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A pull reader of bencode (BEP 3) for input from outside.
 *
 * <p>It builds no tree: callers walk dictionaries and lists with handlers, and a value that a
 * handler leaves unread is skipped. Nesting is at most {@value #MAX_DEPTH} deep, an integer fits a
 * long, and a string's length is checked against the input and the caller's bound before anything
 * is allocated. Keys must be sorted and unique, as BEP 3 requires: two readers of the same bytes
 * must never see two different things.
 *
 * <p>Not thread-safe. The buffer's position moves; its content is not changed.
 */
public final class BencodeReader {
  public static final int MAX_DEPTH = 64;
  public static final int MAX_KEY_BYTES = 255;
  private static final int MAX_DIGITS = 19;

  /** What the next value is. */
  public enum Type {
    INTEGER,
    STRING,
    LIST,
    DICTIONARY
  }

  /** Reads the value of one key, or leaves it to be skipped. */
  @FunctionalInterface
  public interface EntryHandler {
    /**
     * @param key the key's bytes as ISO 8859-1, so that each char is one byte
     */
    void entry(String key) throws IOException;
  }

  /** Reads one element of a list, or leaves it to be skipped. */
  @FunctionalInterface
  public interface ElementHandler {
    void element() throws IOException;
  }

  private final ByteBuffer in;
  private int depth;

  public BencodeReader(byte[] input) {
    this(ByteBuffer.wrap(input));
  }

  public BencodeReader(ByteBuffer input) {
    this.in = input;
  }

  /** Where the next value begins, in the buffer's own terms. */
  public int position() {
    return in.position();
  }

  public Type peek() throws BencodeException {
    var next = current();
    return switch (next) {
      case 'i' -> Type.INTEGER;
      case 'l' -> Type.LIST;
      case 'd' -> Type.DICTIONARY;
      default -> {
        if (!isDigit(next)) {
          throw failure("expected a value");
        }
        yield Type.STRING;
      }
    };
  }

  public void dictionary(EntryHandler handler) throws IOException {
    open('d', "a dictionary");
    String previous = null;
    while (current() != 'e') {
      var key = key();
      if (previous != null && previous.compareTo(key) >= 0) {
        throw failure("keys are not sorted and unique");
      }
      previous = key;
      var start = in.position();
      handler.entry(key);
      skipIfUnread(start);
    }
    close();
  }

  public void list(ElementHandler handler) throws IOException {
    open('l', "a list");
    while (current() != 'e') {
      var start = in.position();
      handler.element();
      skipIfUnread(start);
    }
    close();
  }

  public long integer() throws BencodeException {
    if (current() != 'i') {
      throw failure("expected an integer");
    }
    in.get();
    var negative = current() == '-';
    if (negative) {
      in.get();
    }
    var value = digits(negative);
    if (current() != 'e') {
      throw failure("expected the end of an integer");
    }
    in.get();
    return value;
  }

  /**
   * @param maxBytes the longest string accepted
   */
  public byte[] bytes(int maxBytes) throws BencodeException {
    var bytes = new byte[stringLength(maxBytes)];
    in.get(bytes);
    return bytes;
  }

  /** A UTF-8 string; malformed input is refused, never replaced. */
  public String text(int maxBytes) throws BencodeException {
    var length = stringLength(maxBytes);
    var slice = in.slice(in.position(), length);
    CharBuffer decoded;
    try {
      decoded = StandardCharsets.UTF_8.newDecoder().decode(slice);
    } catch (CharacterCodingException e) {
      throw failure("a text is not UTF-8");
    }
    in.position(in.position() + length);
    return decoded.toString();
  }

  /** A string as a view of the input: nothing is copied. */
  public ByteBuffer slice() throws BencodeException {
    var length = stringLength(Integer.MAX_VALUE);
    var slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  /** The next value, whatever it is, as a view of its bencoded form. */
  public ByteBuffer rawValue() throws IOException {
    var start = in.position();
    skip();
    return in.slice(start, in.position() - start);
  }

  public void skip() throws IOException {
    switch (peek()) {
      case INTEGER -> integer();
      case STRING -> slice();
      case LIST -> list(() -> {});
      case DICTIONARY -> dictionary(_ -> {});
    }
  }

  /** Refuses bytes after the last value. */
  public void end() throws BencodeException {
    if (in.hasRemaining()) {
      throw failure("unexpected bytes after the end");
    }
  }

  private void skipIfUnread(int start) throws IOException {
    if (in.position() == start) {
      skip();
    }
  }

  private String key() throws BencodeException {
    return new String(bytes(MAX_KEY_BYTES), StandardCharsets.ISO_8859_1);
  }

  private void open(char marker, String what) throws BencodeException {
    if (current() != marker) {
      throw failure("expected " + what);
    }
    if (++depth > MAX_DEPTH) {
      throw failure("nested deeper than " + MAX_DEPTH);
    }
    in.get();
  }

  private void close() {
    depth--;
    in.get();
  }

  private int stringLength(int maxBytes) throws BencodeException {
    if (!isDigit(current())) {
      throw failure("expected a string");
    }
    var length = digits(false);
    if (current() != ':') {
      throw failure("expected ':' after a string's length");
    }
    in.get();
    if (length > in.remaining()) {
      throw failure("a string of " + length + " bytes exceeds the input");
    }
    if (length > maxBytes) {
      throw failure("a string of " + length + " bytes exceeds the limit of " + maxBytes);
    }
    return (int) length;
  }

  private long digits(boolean negative) throws BencodeException {
    var start = in.position();
    long value = 0;
    while (isDigit(current())) {
      if (in.position() - start == MAX_DIGITS) {
        throw failure("an integer has more than " + MAX_DIGITS + " digits");
      }
      try {
        var digit = in.get() - '0';
        value = Math.addExact(Math.multiplyExact(value, 10L), negative ? -digit : digit);
      } catch (ArithmeticException e) {
        throw failure("an integer does not fit 64 bits");
      }
    }
    var count = in.position() - start;
    if (count == 0) {
      throw failure("expected a digit");
    }
    if (in.get(start) == '0' && (count > 1 || negative)) {
      throw failure("an integer has a leading zero or is minus zero");
    }
    return value;
  }

  private byte current() throws BencodeException {
    if (!in.hasRemaining()) {
      throw failure("unexpected end of input");
    }
    return in.get(in.position());
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private BencodeException failure(String what) {
    return new BencodeException(what + " (byte " + in.position() + ")");
  }
}
