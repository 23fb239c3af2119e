package dev.corvid.tracker;

import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Reads a request's message, never more than its kind may have. */
final class Body {
  private Body() {}

  /**
   * @param limit bytes, of what is compressed once it is expanded
   */
  static <T> T read(ServerRequest request, Class<T> type, int limit) throws Refused {
    boolean compressed = request.headers().contains(HeaderNames.CONTENT_ENCODING);
    try (InputStream content = request.content().inputStream()) {
      byte[] bytes = content.readNBytes(limit + 1);
      if (bytes.length > limit) {
        if (!compressed) {
          // A connection closed over unread bytes is reset, and the reset may overtake the answer.
          // The server bounds this rest; what is compressed may have no end.
          content.transferTo(OutputStream.nullOutputStream());
        }
        throw new Refused(Refusal.TOO_LARGE, "the message has more than " + limit + " bytes");
      }
      return Wire.decode(bytes, type);
    } catch (WireException e) {
      throw new Refused(Refusal.MALFORMED, e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      throw new Refused(Refusal.MALFORMED, "the message ended early: " + e.getMessage());
    }
  }
}
