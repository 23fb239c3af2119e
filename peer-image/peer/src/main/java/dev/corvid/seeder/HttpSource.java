package dev.corvid.seeder;

import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The source with its mirrors. Bytes of one URL are continued with bytes of that URL only, as long
 * as its validator is the same; with a digest pinned, of the bytes or of what they become, any
 * mirror continues any other, because the digest decides in the end.
 */
final class HttpSource implements AutoCloseable {
  private final HttpOrigin origin;
  private final List<SourceUrl> urls;
  private final boolean pinned;
  private final RetryTimes retryTimes;
  private final RangeFailures rangeFailures;
  private Consumer<SourceUrl> onRequest = url -> {};
  private LongConsumer onSkipped = count -> {};
  private volatile boolean closed;

  /**
   * @param urls in the order in which they are tried
   * @param pinned whether a digest decides in the end
   */
  HttpSource(
      HttpOrigin origin,
      List<SourceUrl> urls,
      boolean pinned,
      RetryTimes retryTimes,
      RangeFailures rangeFailures) {
    this.origin = origin;
    this.urls = List.copyOf(urls);
    this.pinned = pinned;
    this.retryTimes = retryTimes;
    this.rangeFailures = rangeFailures;
  }

  /** Who is to hear which URL is asked. */
  void onRequest(Consumer<SourceUrl> listener) {
    onRequest = listener;
  }

  /** Who is to hear of bytes that are read and not handed on, because they are here already. */
  void onSkipped(LongConsumer listener) {
    onSkipped = listener;
  }

  /**
   * The URLs in the order in which they are tried.
   *
   * @param first hash of the one that can continue what is kept, and so comes first; may be null
   */
  List<SourceUrl> urls(String first) {
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
  Answer open(SourceUrl url, Partial partial, boolean hurried, Answer.Check check)
      throws SourceException, InterruptedException {
    var known = partial.origin();
    boolean same = known != null && known.url().equals(hashOf(url));
    if (known != null && (pinned || same && known.validator() != null)) {
      // Nothing is left to ask for behind the last byte, but whether it is still the same is.
      long last = (known.total() < 0 ? partial.length() : known.total()) - 1;
      long from = Math.min(partial.length(), last);
      var wanted =
          same
              ? new Wanted(from, -1, known.validator(), known.resource(), known.total(), pinned)
              : new Wanted(from, -1, null, null, known.total(), pinned);
      var answer = checked(continued(url, wanted, hurried), check);
      if (from > 0 && answer.offset() == from) {
        partial.shorten(from);
        return answer;
      }
      partial.begin(answer);
      return answer;
    }
    var answer = checked(get(url, Wanted.WHOLE, hurried), check);
    partial.begin(answer);
    return answer;
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
  Answer resume(Answer before, long position, boolean alone)
      throws SourceException, InterruptedException {
    boolean anyVersion = pinned && !alone;
    if (before.validator() == null && !anyVersion) {
      throw new UncontinuableException(
          before.url()
              + " says too little (ETag or Last-Modified) to be continued; pin spec.source.http.digest");
    }
    var candidates = new ArrayList<>(List.of(before.url()));
    if (anyVersion) {
      urls.stream().filter(url -> !url.equals(before.url())).forEach(candidates::add);
    }
    SourceException trouble = null;
    for (var url : candidates) {
      var wanted =
          url.equals(before.url())
              ? new Wanted(
                  position, -1, before.validator(), before.resource(), before.total(), anyVersion)
              : new Wanted(position, -1, null, null, before.total(), anyVersion);
      try {
        var answer = continued(url, wanted, url != candidates.getLast());
        if (position > 0 && answer.offset() == position) {
          return answer;
        }
        if (isSameVersion(before, answer, anyVersion)) {
          return checked(answer.ofTotal(before.total())).skippedTo(position, onSkipped);
        }
        answer.closeQuietly();
        throw new RestartException(
            before.resource().equals(answer.resource()) || !url.equals(before.url())
                ? url + " has changed since the transfer broke off"
                : "%s redirects elsewhere since the transfer broke off, to %s; pin spec.source.http.digest, and it is continued there"
                    .formatted(url, answer.representation().hop()));
      } catch (SourceException e) {
        trouble = trouble == null ? e : trouble;
      }
    }
    throw trouble;
  }

  private static boolean isSameVersion(Answer before, Answer answer, boolean anyVersion) {
    boolean sameLength =
        before.total() < 0 || answer.total() < 0 || before.total() == answer.total();
    return sameLength
        && (anyVersion
            || before.resource().equals(answer.resource())
                && before.validator().equals(answer.validator()));
  }

  /** What is wanted, or the whole. */
  private Answer continued(SourceUrl url, Wanted wanted, boolean hurried)
      throws SourceException, InterruptedException {
    try {
      return ranged(url, wanted, hurried);
    } catch (NotByRangeException e) {
      return get(url, Wanted.WHOLE, hurried);
    }
  }

  /**
   * Some of the source's bytes, from whoever has them, the mirrors included.
   *
   * @param total bytes of the whole
   * @param last URL to be asked, because it has broken off before; may be null
   * @throws NotByRangeException when one answers, with others than it was asked for
   * @throws SourceException when nobody answers
   */
  Answer range(long from, int length, long total, SourceUrl last)
      throws SourceException, InterruptedException {
    var order = new ArrayList<>(urls);
    if (last != null && order.remove(last)) {
      order.addLast(last);
    }
    var troubles = new Troubles();
    NotByRangeException notByRange = null;
    // Each piece is verified, whatever version it is of.
    var wanted = new Wanted(from, from + length - 1, null, null, total, true);
    for (var url : order) {
      try {
        return range(url, wanted, url != order.getLast());
      } catch (NotByRangeException e) {
        notByRange = e;
      } catch (SourceException e) {
        troubles.add(url, e);
      }
    }
    throw notByRange == null ? troubles.toException() : notByRange;
  }

  private Answer range(SourceUrl url, Wanted wanted, boolean hurried)
      throws SourceException, InterruptedException {
    Answer answer;
    try {
      answer = ranged(url, wanted, hurried);
    } catch (RangeRefusedException e) {
      // If it refuses the whole as well, that is its trouble, and ranges may be had later.
      answer = get(url, Wanted.WHOLE, hurried);
    }
    if (answer.end() == wanted.last() + 1 && answer.total() == wanted.total()) {
      return answer.offset() < wanted.first()
          ? answer.skippedTo(wanted.first(), onSkipped)
          : answer;
    }
    answer.closeQuietly();
    throw new NotByRangeException(url + " does not send ranges of " + wanted.total() + " bytes");
  }

  /** From the first wanted byte on, or the whole. */
  private Answer ranged(SourceUrl url, Wanted wanted, boolean hurried)
      throws SourceException, InterruptedException {
    if (rangeFailures.isWholeDue(url)) {
      // The whole counts then; a source that is only away refuses it too, and keeps its ranges.
      throw new RangeRefusedException(
          new SourceException(
              Reason.SourceUnreachable, url + " ends ranges before their first byte"));
    }
    try {
      var answer = get(url, wanted, hurried);
      boolean earlier = answer.offset() > 0 && answer.offset() < wanted.first();
      var begun = earlier ? answer.skippedTo(wanted.first(), onSkipped) : answer;
      return begun.withBody(rangeFailures.watch(url, begun.body(), () -> closed));
    } catch (BusyException | NotByRangeException e) {
      throw e;
    } catch (SourceException e) {
      if (closed) {
        throw e; // ended by the seeder itself
      }
      rangeFailures.add(url);
      throw rangeFailures.isWholeDue(url) ? new RangeRefusedException(e) : e;
    }
  }

  private Answer get(SourceUrl url, Wanted wanted, boolean hurried)
      throws SourceException, InterruptedException {
    retryTimes.check(url);
    onRequest.accept(url);
    try {
      return origin.get(url, wanted, hurried);
    } catch (BusyException e) {
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

  private Answer checked(Answer answer, Answer.Check check) throws SourceException {
    try {
      check.of(checked(answer));
      return answer;
    } catch (SourceException e) {
      answer.closeQuietly();
      throw e;
    }
  }

  private Answer checked(Answer answer) throws SourceException {
    if (!answer.ending() && !pinned) {
      answer.closeQuietly();
      throw new SourceException(
          Reason.SourceUnreachable,
          answer.url()
              + " does not say how long it is, so that a cut-off answer would look whole; pin spec.source.http.digest");
    }
    return answer;
  }

  static String hashOf(SourceUrl url) {
    byte[] text = url.uri().toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.digest().digest(text));
  }
}
