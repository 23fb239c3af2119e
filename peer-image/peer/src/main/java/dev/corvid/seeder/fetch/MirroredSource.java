package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.NotResumableException;
import dev.corvid.seeder.error.RangeRefusedException;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.RangeRequest;
import dev.corvid.seeder.http.RetryAfterTimes;
import dev.corvid.seeder.http.SourceHttpClient;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The source with its mirrors. Bytes of one URL are continued with bytes of that URL only, as long
 * as its validator is the same; with a digest pinned, of the bytes or of what they become, any
 * mirror continues any other, because the digest decides in the end.
 */
final class MirroredSource implements AutoCloseable {
  private final SourceHttpClient origin;
  private final List<SourceUrl> urls;
  private final boolean pinned;
  private final RetryAfterTimes retryTimes;
  private final RangeFailures rangeFailures;
  private final RangeSources rangeSources;

  /** Which gave no answer to a request for a range. */
  private final Set<SourceUrl> failedRanges = ConcurrentHashMap.newKeySet();

  private Consumer<SourceUrl> onRequest = url -> {};
  private LongConsumer onSkipped = count -> {};
  private volatile boolean closed;

  /**
   * @param urls in the order in which they are tried
   * @param pinned whether a digest decides in the end
   * @param singles which are asked over one connection only
   * @param settings of the others
   */
  MirroredSource(
      SourceHttpClient origin,
      List<SourceUrl> urls,
      boolean pinned,
      RetryAfterTimes retryTimes,
      RangeFailures rangeFailures,
      SingleConnectionOrigins singles,
      RangeSettings settings) {
    this.origin = origin;
    this.urls = List.copyOf(urls);
    this.pinned = pinned;
    this.retryTimes = retryTimes;
    this.rangeFailures = rangeFailures;
    this.rangeSources = new RangeSources(origin, this.urls, pinned, retryTimes, singles, settings);
  }

  /** Receives each URL that is asked. */
  void onRequest(Consumer<SourceUrl> listener) {
    onRequest = listener;
  }

  /**
   * Receives the number of bytes that are read and not handed on, because they are here already.
   */
  void onSkipped(LongConsumer listener) {
    onSkipped = listener;
  }

  /**
   * The URLs in the order in which they are tried.
   *
   * @param first hash of the one that can continue what is kept, and so comes first; may be null
   */
  List<SourceUrl> urls(@Nullable String first) {
    var order = new ArrayList<>(urls);
    if (!pinned) {
      urls.stream()
          .filter(url -> hashOf(url).equals(first))
          .findFirst()
          .ifPresent(
              url -> {
                order.remove(url);
                order.addFirst(url);
              });
    }
    return order;
  }

  /**
   * An answer that begins where the partial ends; where that cannot be continued, the partial is
   * emptied and the answer is the whole.
   *
   * @param hurried whether there is another URL to try
   * @param check what an answer has to pass before anything is emptied for it
   */
  SourceResponse open(
      SourceUrl url, PartialDownload partial, boolean hurried, SourceResponse.Check check)
      throws SourceException, InterruptedException {
    var known = partial.origin();
    boolean same = known != null && known.url().equals(hashOf(url));
    if (known != null && (pinned || same && known.validator() != null)) {
      // Nothing is left to ask for behind the last byte, but whether it is still the same is.
      long last = (known.total() < 0 ? partial.length() : known.total()) - 1;
      long from = Math.min(partial.length(), last);
      var range =
          same
              ? new RangeRequest(
                  from, -1, known.validator(), known.resource(), known.total(), pinned)
              : new RangeRequest(from, -1, null, null, known.total(), pinned);
      var response = checked(continued(url, range, hurried), check);
      if (from > 0 && response.offset() == from) {
        partial.shorten(from);
        return response;
      }
      partial.begin(response);
      return response;
    }
    var response = checked(get(url, RangeRequest.WHOLE, hurried), check);
    partial.begin(response);
    return response;
  }

  /**
   * Continues what broke off.
   *
   * @param before the answer that broke off
   * @param position where to continue
   * @param alone whether only the same URL may do so, with the same version
   * @throws RestartException when there is another version now
   * @throws SourceException when it cannot be continued now; about that URL alone, because the
   *     others are yet to be asked by themselves
   */
  SourceResponse resume(SourceResponse before, long position, boolean alone)
      throws SourceException, InterruptedException {
    boolean anyVersion = pinned && !alone;
    if (before.validator() == null && !anyVersion) {
      throw new NotResumableException(
          before.url()
              + " sends neither a strong ETag nor a usable Last-Modified, so a download cannot be resumed; pin spec.source.http.digest");
    }
    var candidates = new ArrayList<>(List.of(before.url()));
    if (anyVersion) {
      urls.stream().filter(url -> !url.equals(before.url())).forEach(candidates::add);
    }
    @Nullable SourceException trouble = null;
    for (var url : candidates) {
      var range =
          url.equals(before.url())
              ? new RangeRequest(
                  position, -1, before.validator(), before.resource(), before.total(), anyVersion)
              : new RangeRequest(position, -1, null, null, before.total(), anyVersion);
      try {
        var response = continued(url, range, url != candidates.getLast());
        if (position > 0 && response.offset() == position) {
          return response;
        }
        if (isSameVersion(before, response, anyVersion)) {
          return checked(response.ofTotal(before.total())).skippedTo(position, onSkipped);
        }
        response.closeQuietly();
        throw new RestartException(
            before.resource().equals(response.resource()) || !url.equals(before.url())
                ? url + " has changed since the transfer broke off"
                : "%s redirects elsewhere since the transfer broke off, to %s; pin spec.source.http.digest, and it is continued there"
                    .formatted(url, response.representation().hop()));
      } catch (SourceException e) {
        trouble = trouble == null ? e : trouble;
      }
    }
    throw trouble;
  }

  private static boolean isSameVersion(
      SourceResponse before, SourceResponse response, boolean anyVersion) {
    boolean sameLength =
        before.total() < 0 || response.total() < 0 || before.total() == response.total();
    var known = before.validator();
    boolean sameVersion =
        known != null
            && known.equals(response.validator())
            && before.resource().equals(response.resource());
    return sameLength && (anyVersion || sameVersion);
  }

  /** What is wanted, or the whole. */
  private SourceResponse continued(SourceUrl url, RangeRequest range, boolean hurried)
      throws SourceException, InterruptedException {
    try {
      return ranged(url, range, hurried);
    } catch (RangeUnavailableException e) {
      return get(url, RangeRequest.WHOLE, hurried);
    }
  }

  /**
   * Some of the source's bytes, from whoever has them, the mirrors included.
   *
   * @param total bytes of the whole
   * @param last URL to be asked, because it has broken off before; may be null
   * @throws RangeUnavailableException when one answers, with others than it was asked for
   * @throws SourceException when nobody answers
   */
  SourceResponse range(long from, int length, long total, @Nullable SourceUrl last)
      throws SourceException, InterruptedException {
    var order = new ArrayList<>(urls);
    order.sort(Comparator.comparing(failedRanges::contains)); // a wait each time, else
    if (last != null && order.remove(last)) {
      order.addLast(last);
    }
    var failures = new MirrorFailures();
    @Nullable RangeUnavailableException notByRange = null;
    // Each piece is verified, whatever version it is of.
    var range = new RangeRequest(from, from + length - 1, null, null, total, true);
    for (var url : order) {
      try {
        var response = range(url, range, url != order.getLast());
        failedRanges.remove(url);
        return response;
      } catch (RangeUnavailableException e) {
        notByRange = e;
      } catch (SourceException e) {
        failedRanges.add(url);
        failures.add(url, e);
      }
    }
    throw notByRange == null ? failures.toException() : notByRange;
  }

  private SourceResponse range(SourceUrl url, RangeRequest range, boolean hurried)
      throws SourceException, InterruptedException {
    SourceResponse response;
    try {
      response = ranged(url, range, hurried);
    } catch (RangeRefusedException e) {
      // If it refuses the whole as well, that is its trouble, and ranges may be had later.
      response = rangeOr(get(url, RangeRequest.WHOLE, hurried), range, hurried);
    }
    if (response.end() == range.last() + 1 && response.total() == range.total()) {
      return response.offset() < range.first()
          ? response.skippedTo(range.first(), onSkipped)
          : response;
    }
    response.closeQuietly();
    throw new RangeUnavailableException(
        url + " does not send ranges of " + range.total() + " bytes");
  }

  /**
   * The range if it comes now, else the whole: a source that was away when the range was refused
   * may be back.
   */
  private SourceResponse rangeOr(SourceResponse whole, RangeRequest range, boolean hurried)
      throws InterruptedException {
    Optional<SourceResponse> begun;
    try {
      begun = begun(get(whole.url(), range, hurried), range);
    } catch (SourceException e) {
      return whole;
    } catch (InterruptedException e) {
      whole.closeQuietly();
      throw e;
    }
    if (begun.isEmpty()) {
      return whole;
    }
    whole.closeQuietly();
    rangeFailures.forget(whole.url());
    return begun.get();
  }

  /** An answer that is the range and has a first byte; any other is closed. */
  private static Optional<SourceResponse> begun(SourceResponse answer, RangeRequest range) {
    if (answer.offset() == range.first() && answer.end() == range.last() + 1) {
      try {
        var body = new PushbackInputStream(answer.body());
        int first = body.read();
        if (first >= 0) {
          body.unread(first);
          return Optional.of(answer.withBody(body));
        }
      } catch (IOException e) {
        // It broke off again.
      }
    }
    answer.closeQuietly();
    return Optional.empty();
  }

  /** From the first wanted byte on, or the whole. */
  private SourceResponse ranged(SourceUrl url, RangeRequest range, boolean hurried)
      throws SourceException, InterruptedException {
    if (rangeFailures.isWholeDue(url)) {
      // The whole counts then; a source that is only away refuses it too, and keeps its ranges.
      throw new RangeRefusedException(
          new SourceException(
              Reason.SourceUnreachable, url + " ends ranges before their first byte"));
    }
    try {
      var response = get(url, range, hurried);
      boolean earlier = response.offset() > 0 && response.offset() < range.first();
      var begun = earlier ? response.skippedTo(range.first(), onSkipped) : response;
      return begun.withBody(rangeFailures.watch(url, begun.body(), () -> closed));
    } catch (RetryAfterException | RangeUnavailableException e) {
      throw e;
    } catch (SourceException e) {
      if (closed) {
        throw e; // ended by the seeder itself
      }
      rangeFailures.add(url);
      throw rangeFailures.isWholeDue(url) ? new RangeRefusedException(e) : e;
    }
  }

  /** Who gives ranges of what is read in order. */
  RangeSources rangeSources() {
    return rangeSources;
  }

  private SourceResponse get(SourceUrl url, RangeRequest range, boolean hurried)
      throws SourceException, InterruptedException {
    retryTimes.check(url);
    onRequest.accept(url);
    try {
      return origin.get(url, range, hurried);
    } catch (RetryAfterException e) {
      retryTimes.note(url, e);
      throw e;
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    closed = true;
    origin.close();
  }

  private SourceResponse checked(SourceResponse response, SourceResponse.Check check)
      throws SourceException {
    try {
      check.of(checked(response));
      return response;
    } catch (SourceException e) {
      response.closeQuietly();
      throw e;
    }
  }

  private SourceResponse checked(SourceResponse response) throws SourceException {
    if (!response.ending() && !pinned) {
      response.closeQuietly();
      throw new SourceException(
          Reason.SourceUnreachable,
          response.url()
              + " does not say how long it is, so that a cut-off answer would look whole; pin spec.source.http.digest");
    }
    return response;
  }

  static String hashOf(SourceUrl url) {
    byte[] text = url.uri().toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.digest().digest(text));
  }
}
