package dev.corvid.operator;

import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.io.InputDecorator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * Reads what is not UTF-8 as U+FFFD. Jackson would refuse the whole text for one such byte, and the
 * API server stores and returns those in data that it does not know, as of a ControllerRevision.
 */
final class RepairedUtf8 extends InputDecorator {
  private static final long serialVersionUID = 1;
  private static final int BUFFER = 8192;

  @Override
  public InputStream decorate(IOContext context, InputStream in) {
    return new Stream(in);
  }

  @Override
  public InputStream decorate(IOContext context, byte[] bytes, int offset, int length) {
    return new Stream(new ByteArrayInputStream(bytes, offset, length));
  }

  @Override
  public Reader decorate(IOContext context, Reader reader) {
    return reader;
  }

  private static final class Stream extends InputStream {
    private final Reader reader;
    private final char[] chars = new char[BUFFER];
    private byte[] bytes = {};
    private int next;

    Stream(InputStream in) {
      reader = new InputStreamReader(in, StandardCharsets.UTF_8);
    }

    @Override
    public int read() throws IOException {
      return isAtEnd() ? -1 : bytes[next++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (isAtEnd()) {
        return -1;
      }
      int count = Math.min(length, bytes.length - next);
      System.arraycopy(bytes, next, target, offset, count);
      next += count;
      return count;
    }

    private boolean isAtEnd() throws IOException {
      if (next == bytes.length) {
        int count = reader.read(chars);
        bytes = count < 0 ? new byte[0] : text(count).getBytes(StandardCharsets.UTF_8);
        next = 0;
      }
      return bytes.length == 0;
    }

    /** With both halves of its last character, should the reader have given one alone. */
    private String text(int count) throws IOException {
      String text = new String(chars, 0, count);
      if (!Character.isHighSurrogate(chars[count - 1])) {
        return text;
      }
      int low = reader.read();
      return low < 0 ? text : text + (char) low;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
