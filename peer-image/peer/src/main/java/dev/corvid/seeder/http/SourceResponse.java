package dev.corvid.seeder.http;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a source responded: a body from some offset on.
 *
 * @param url that was asked for, before redirects
 * @param offset where in the whole the body begins
 * @param end where in the whole the body ends; -1 when the source does not say
 * @param total bytes of the whole; -1 when the source does not say
 * @param ending whether a body that is cut off can be told from a whole one
 * @param representation what else the source says of the bytes
 * @param body the bytes; fails when nothing comes for too long
 */
public record SourceResponse(
    SourceUrl url,
    long offset,
    long end,
    long total,
    boolean ending,
    Representation representation,
    InputStream body)
    implements Closeable {
  /** Whether a response is of use, by its headers: before what is kept gives way to it. */
  @FunctionalInterface
  public interface Check {
    void of(SourceResponse response) throws SourceException;
  }

  /** What identifies these bytes (RFC 9110, 8.8); null when the source gives nothing. */
  public @Nullable String validator() {
    return representation.validator();
  }

  /** What the validator is of, as {@link SourceUrl#resource}. */
  public String resource() {
    return representation.hop().resource();
  }

  /** The same where the length of the whole is known from an earlier response; -1 for unknown. */
  public SourceResponse ofTotal(long known) {
    return total >= 0 || known < 0
        ? this
        : new SourceResponse(url, offset, known, known, true, representation, body);
  }

  public SourceResponse withBody(InputStream other) {
    return new SourceResponse(url, offset, end, total, ending, representation, other);
  }

  /**
   * The same from a later offset on, for a source that only ever sends the whole.
   *
   * @param skipped hears of all bytes that are read over; there may be gigabytes
   */
  public SourceResponse skippedTo(long later, LongConsumer skipped) throws SourceException {
    var buffer = new byte[1 << 16];
    try {
      for (long at = offset; at < later; ) {
        int count = body.read(buffer, 0, (int) Math.min(buffer.length, later - at));
        if (count < 0) {
          throw new EOFException("the connection ended early");
        }
        at += count;
        skipped.accept(count);
      }
      return new SourceResponse(url, later, end, total, ending, representation, body);
    } catch (IOException e) {
      closeQuietly();
      throw new SourceException(
          Reason.SourceUnreachable,
          "%s broke off while it repeated the first %,d bytes: %s".formatted(url, later, words(e)),
          e);
    }
  }

  /** How a body ended, where the platform's client has no words for it or only one. */
  public static String words(IOException e) {
    var message = e.getMessage();
    if (message == null) {
      return e.getClass().getSimpleName();
    }
    return message.equals("closed") ? "the connection was closed" : message;
  }

  /** For a response that is not wanted, or has failed already. */
  public void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
