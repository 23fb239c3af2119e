package dev.corvid.tracker;

import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a request's message, never more than its kind may have. */
final class Body {
  private Body() {}

  /**
   * @param limit bytes
   */
  static <T> T read(ServerRequest request, Class<T> type, int limit) throws Refused {
    if (request.headers().contentLength().orElse(0) > limit) {
      throw tooLarge(limit);
    }
    try {
      byte[] bytes = request.content().inputStream().readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw tooLarge(limit);
      }
      return Wire.decode(bytes, type);
    } catch (WireException e) {
      throw new Refused(Refusal.MALFORMED, e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      throw new Refused(Refusal.MALFORMED, "the message ended early: " + e.getMessage());
    }
  }

  private static Refused tooLarge(int limit) {
    return new Refused(Refusal.TOO_LARGE, "the message has more than " + limit + " bytes");
  }
}
