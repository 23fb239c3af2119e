package dev.corvid.seeder.http;

import dev.corvid.seeder.source.SourceUrl;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * What one request asks a source for: a range (RFC 9110, 14.2), or the whole.
 *
 * @param first byte of it
 * @param last byte of it; -1 for all that follow
 * @param validator of the bytes before the first; null for whatever version the source has
 * @param resource that the validator is of, as {@link SourceUrl#resource}; null with a null
 *     validator
 * @param total bytes of the whole, as far as is known; -1 for unknown
 * @param anyVersion whether bytes under another validator count as well, because a digest is known
 *     that decides in the end
 * @param address that alone may send bytes of the resource; null for any
 */
public record RangeRequest(
    long first,
    long last,
    @Nullable String validator,
    @Nullable String resource,
    long total,
    boolean anyVersion,
    @Nullable InetAddress address) {
  public static final RangeRequest WHOLE = new RangeRequest(0, -1, null, null, -1, false);

  /** From any address. */
  public RangeRequest(
      long first,
      long last,
      @Nullable String validator,
      @Nullable String resource,
      long total,
      boolean anyVersion) {
    this(first, last, validator, resource, total, anyVersion, null);
  }

  /** Which address alone is asked; null for any that the host's name has. */
  @Nullable InetAddress addressOf(SourceUrl hop) {
    return hop.resource().equals(resource) ? address : null;
  }

  boolean isRange() {
    return first > 0 || last >= 0;
  }

  public void into(HttpRequest.Builder request) {
    if (isRange()) {
      request.setHeader("Range", "bytes=" + first + "-" + (last < 0 ? "" : last));
    }
    if (first > 0 && validator != null) {
      request.setHeader("If-Range", validator);
    }
  }
}
