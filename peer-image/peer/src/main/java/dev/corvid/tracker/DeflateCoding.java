package dev.corvid.tracker;

import dev.corvid.wire.Deflate;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.util.Set;
import java.util.zip.InflaterInputStream;

/**
 * Has a message that came compressed expanded while it is read, so that {@link RequestBody} bounds
 * what comes out. Answers are compressed by the handler, which knows when that is worth it.
 */
final class DeflateCoding implements ContentEncoding {
  @Override
  public Set<String> ids() {
    return Set.of(Deflate.NAME);
  }

  @Override
  public boolean supportsEncoding() {
    return false;
  }

  @Override
  public boolean supportsDecoding() {
    return true;
  }

  @Override
  public ContentDecoder decoder() {
    return InflaterInputStream::new;
  }

  @Override
  public ContentEncoder encoder() {
    return ContentEncoder.NO_OP;
  }

  @Override
  public String name() {
    return Deflate.NAME;
  }

  @Override
  public String type() {
    return Deflate.NAME;
  }
}
