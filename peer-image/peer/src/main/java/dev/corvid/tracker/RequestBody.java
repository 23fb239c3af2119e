package dev.corvid.tracker;

import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;

/** Reads a request's message, never more than its kind may have. */
final class RequestBody {
  private RequestBody() {}

  /** Makes sure that a message which is not small may be read. */
  interface Admission {
    void admit() throws RequestRejected, InterruptedException;
  }

  /**
   * @param limit bytes, of what is compressed once it is expanded
   */
  static <T> T read(ServerRequest request, Class<T> type, int limit)
      throws RequestRejected, InterruptedException {
    return read(request, type, limit, limit, () -> {});
  }

  /**
   * @param limit bytes, of what is compressed once it is expanded
   * @param small so many of them are read in any case
   * @param large asked before more are read
   */
  static <T> T read(ServerRequest request, Class<T> type, int limit, int small, Admission large)
      throws RequestRejected, InterruptedException {
    boolean compressed = request.headers().contains(HeaderNames.CONTENT_ENCODING);
    try (InputStream content = request.content().inputStream()) {
      byte[] bytes = content.readNBytes(small + 1);
      if (bytes.length > small) {
        large.admit();
        var whole = new SequenceInputStream(new ByteArrayInputStream(bytes), content);
        bytes = whole.readNBytes(limit + 1);
      }
      if (bytes.length > limit) {
        if (!compressed) {
          // A connection closed over unread bytes is reset, and the reset may overtake the answer.
          // The server bounds this rest; what is compressed may have no end.
          content.transferTo(OutputStream.nullOutputStream());
        }
        throw new RequestRejected(
            RejectionKind.TOO_LARGE, "the message has more than " + limit + " bytes");
      }
      return Wire.decode(bytes, type);
    } catch (WireException e) {
      throw new RequestRejected(RejectionKind.MALFORMED, e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      throw new RequestRejected(
          RejectionKind.MALFORMED, "the message ended early: " + e.getMessage());
    }
  }
}
