package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RangeRefusedException;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.RangeRequest;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One URL that gives ranges, all of one version: that of an answer, or for a mirror, whose bytes a
 * pinned digest decides on, that of its first range. Where the URL redirects to another host, that
 * is asked directly until it answers anything else; then the URL is asked again, because a signed
 * location may have expired, and for good if it leads to the same place. Thread-safe.
 */
final class RangeSource {
  private final RangeSources sources;
  private final SourceUrl url;
  private final long total;
  private volatile Version version;
  private volatile boolean chained; // only the URL itself leads to ranges

  /**
   * @param start the URL, or where it redirects to
   * @param validator null while unknown, or where the source gives none
   * @param resource that the validator is of
   * @param address that alone is asked; null for any
   */
  private record Version(
      SourceUrl start,
      @Nullable String validator,
      @Nullable String resource,
      @Nullable InetAddress address) {}

  private RangeSource(RangeSources sources, SourceUrl url, long total, Version version) {
    this.sources = sources;
    this.url = url;
    this.total = total;
    this.version = version;
  }

  /** Of the version that an answer is of. */
  static RangeSource of(RangeSources sources, SourceResponse first) {
    return new RangeSource(sources, first.url(), first.total(), version(sources, first));
  }

  static RangeSource mirror(RangeSources sources, SourceUrl url, long total) {
    return new RangeSource(sources, url, total, new Version(url, null, null, null));
  }

  /** Servers behind one name may have other bytes under the same validator. */
  private static Version version(RangeSources sources, SourceResponse answer) {
    var hop = answer.representation().hop();
    return new Version(
        hop.hasOriginOf(answer.url()) ? answer.url() : hop,
        answer.validator(),
        answer.validator() == null ? null : answer.resource(),
        sources.isPinned() ? null : answer.representation().address());
  }

  SourceUrl url() {
    return url;
  }

  /** From now on over one connection only. */
  void beSingle() {
    sources.singles().add(url);
    sources.singles().add(version.start());
  }

  void noteTrouble() {
    sources.singles().noteTrouble(url);
  }

  /**
   * It was silent when its bytes were awaited.
   *
   * @return whether for the first time in this attempt
   */
  boolean stalls() {
    return sources.stalls(url);
  }

  /** Nobody asks it before. */
  void heed(RetryAfterException e) {
    sources.heed(url, e);
  }

  /** All that follows a byte, to be read in order; empty where it is not had. */
  Optional<SourceResponse> rest(long first) throws InterruptedException {
    try {
      return Optional.of(ask(first, total));
    } catch (SourceException e) {
      return Optional.empty();
    }
  }

  /**
   * Bytes from the first on, not behind the end.
   *
   * @throws RangeRefusedException when it sends no ranges
   * @throws RangeUnavailableException when it sends others, or has another version now
   */
  SourceResponse ask(long first, long end) throws SourceException, InterruptedException {
    var known = version;
    var range =
        new RangeRequest(
            first, end - 1, known.validator(), known.resource(), total, false, known.address());
    SourceResponse answer;
    try {
      answer = exact(sources.ask(url, known.start(), range), range);
    } catch (RetryAfterException e) {
      throw e;
    } catch (SourceException e) {
      if (known.start().equals(url)) {
        throw e;
      }
      answer = exact(sources.ask(url, url, range), range);
      var other = version(sources, answer);
      if (other.start().equals(known.start())) {
        // It wants the whole chain, for a cookie or a referrer.
        version = new Version(url, other.validator(), other.resource(), other.address());
        chained = true;
        return answer;
      }
    }
    if (!chained) {
      version = version(sources, answer);
    }
    return answer;
  }

  private SourceResponse exact(SourceResponse answer, RangeRequest range) throws SourceException {
    if (answer.offset() == range.first() && answer.end() > range.first()) {
      return answer;
    }
    answer.closeQuietly();
    if (answer.offset() > 0) {
      throw new RangeUnavailableException(url + " answers with another range than was asked for");
    }
    if (range.validator() == null || range.validator().equals(answer.validator())) {
      throw new RangeRefusedException(
          new SourceException(
              Reason.SourceUnreachable, url + " answers a request for a range with the whole"));
    }
    throw new RangeUnavailableException(url + " has changed meanwhile");
  }
}
