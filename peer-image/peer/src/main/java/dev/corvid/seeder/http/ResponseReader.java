package dev.corvid.seeder.http;

import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The one place that says what a response with a body is: bytes of which place, of which version.
 *
 * <pre>
 * asked for   status   Content-Range              is
 * anything    200      none                       the whole
 * the whole   200      all of the file            the whole
 * the whole   200/206  else                       refused
 * a range     200/206  that range, and the        that range. A range that begins earlier is read
 *                      validator if one was       over; one that ends earlier is continued after
 *                      asked for                  its end; with a total of * the known one is taken
 * a range     200/206  any other, or no total     no range: the whole is asked for
 * a range     416      any                        no range: the whole is asked for
 * </pre>
 *
 * Refused whatever was asked for: headers about the length that contradict each other or the range;
 * and a Content-Encoding, because identity is asked for, and lengths, ranges and digests are those
 * of the encoded bytes. Only a label that repeats the file's own suffix ({@code gzip} for a {@code
 * .tar.gz}) says nothing new.
 */
final class ResponseReader {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Set<String>> SUFFIXES =
      Map.of(
          "gzip", Set.of(".gz", ".tgz", ".taz"),
          "x-gzip", Set.of(".gz", ".tgz", ".taz"),
          "zstd", Set.of(".zst", ".tzst"),
          "br", Set.of(".br"),
          "xz", Set.of(".xz", ".txz"),
          "x-xz", Set.of(".xz", ".txz"),
          "bzip2", Set.of(".bz2", ".tbz2", ".tbz", ".tb2"),
          "x-bzip2", Set.of(".bz2", ".tbz2", ".tbz", ".tb2"),
          "compress", Set.of(".z"),
          "x-compress", Set.of(".z"));

  /** A {@code Content-Range}; -1 for an unknown total. */
  private record Range(long from, long end, long total) {
    boolean isWhole() {
      return from == 0 && end == total;
    }
  }

  private final SourceUrl url;
  private final SourceUrl hop;
  private final RangeRequest range;

  /**
   * @param url that was asked for, before redirects
   * @param hop that answered
   */
  ResponseReader(SourceUrl url, SourceUrl hop, RangeRequest range) {
    this.url = url;
    this.hop = hop;
    this.range = range;
  }

  /**
   * @param reply with status 200 or 206
   * @throws RangeUnavailableException when a range was asked for, and the whole may do
   * @throws SourceException when the answer is refused
   */
  SourceResponse read(HttpTransport.Reply reply) throws SourceException {
    int status = reply.status();
    var headers = reply.headers();
    requireIdentity(headers);
    var framing = framing(headers);
    var ranges = Set.copyOf(headers.allValues("Content-Range"));
    if (ranges.size() > 1) {
      throw noRange("contradicts itself: Content-Range " + String.join(" and ", ranges));
    }
    var text = headers.firstValue("Content-Range");
    if (status == 200 && text.isEmpty()) {
      return whole(framing, reply);
    }
    var found = range(text.orElse(""), framing);
    if (!range.isRange()) {
      if (status != 200 || !found.isWhole()) {
        throw refused(
            "answers %d with Content-Range %s, although the whole was asked for"
                .formatted(status, text.get().strip()));
      }
      return whole(framing, reply);
    }
    return part(found, framing, reply);
  }

  private SourceResponse whole(BodyFraming framing, HttpTransport.Reply reply) {
    long total = framing.length();
    var representation = Representation.of(hop, Validators.of(reply.headers()), reply);
    return new SourceResponse(url, 0, total, total, framing.hasEnd(), representation, reply.body());
  }

  private SourceResponse part(Range found, BodyFraming framing, HttpTransport.Reply reply)
      throws SourceException {
    var headers = reply.headers();
    var known = range.validator();
    boolean moved = known != null && !hop.resource().equals(range.resource());
    boolean same = known != null && !moved && Validators.matches(known, headers);
    if (known != null && !same && !range.anyVersion()) {
      throw new RangeUnavailableException(
          moved ? url + " redirects elsewhere now, to " + hop : hop + " has changed meanwhile");
    }
    long last = range.last() < 0 ? Long.MAX_VALUE - 1 : range.last();
    if (found.from() > range.first() || found.end() <= range.first() || found.end() > last + 1) {
      throw new RangeUnavailableException(hop + " answers with another range than was asked for");
    }
    long total = found.total() < 0 ? range.total() : found.total();
    if (total < found.end() || range.total() >= 0 && range.total() != total) {
      throw new RangeUnavailableException(
          hop + " does not send ranges of " + range.total() + " bytes");
    }
    var validator = same ? known : Validators.of(headers);
    var bounded = new RangeBody(reply.body(), found.end() - found.from(), hop);
    var representation = Representation.of(hop, validator, reply);
    return new SourceResponse(url, found.from(), found.end(), total, true, representation, bounded);
  }

  private Range range(String text, BodyFraming framing) throws SourceException {
    if (text.isBlank()) {
      throw noRange("answers 206 without a Content-Range");
    }
    var matcher = CONTENT_RANGE.matcher(text.strip());
    if (!matcher.matches()) {
      throw noRange("answers with a Content-Range that cannot be read: " + text);
    }
    long from = Long.parseLong(matcher.group(1));
    long end = Long.parseLong(matcher.group(2)) + 1;
    long total = matcher.group(3).equals("*") ? -1 : Long.parseLong(matcher.group(3));
    if (end <= from || total >= 0 && end > total) {
      throw noRange("answers with a Content-Range that cannot be: " + text);
    }
    if (framing.length() >= 0 && framing.length() != end - from) {
      throw noRange(
          "contradicts itself: Content-Length %d, Content-Range %s"
              .formatted(framing.length(), text));
    }
    return new Range(from, end, total);
  }

  private BodyFraming framing(HttpHeaders headers) throws SourceException {
    try {
      return BodyFraming.of(headers);
    } catch (IllegalArgumentException e) {
      throw refused("does not say clearly where its answer ends (" + e.getMessage() + ")");
    }
  }

  private void requireIdentity(HttpHeaders headers) throws SourceException {
    var encoding =
        String.join(", ", headers.allValues("Content-Encoding")).strip().toLowerCase(Locale.ROOT);
    var name = url.fileName().toLowerCase(Locale.ROOT);
    boolean label = SUFFIXES.getOrDefault(encoding, Set.of()).stream().anyMatch(name::endsWith);
    if (!encoding.isEmpty() && !encoding.equals("identity") && !label) {
      throw refused(
          "sends an encoded form of the file (Content-Encoding: "
              + encoding
              + ") although identity was asked for; store the file there without that header");
    }
  }

  private SourceException noRange(String words) {
    return range.isRange() ? new RangeUnavailableException(hop + " " + words) : refused(words);
  }

  private SourceException refused(String words) {
    return new SourceException(Reason.SourceUnreachable, hop + " " + words);
  }
}
