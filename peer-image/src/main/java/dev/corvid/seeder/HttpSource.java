package dev.corvid.seeder;

import dev.corvid.store.Sha256;
import dev.corvid.wire.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The source with its mirrors. Bytes of one URL are continued with bytes of that URL only, as long
 * as its validator is the same; with a digest pinned, any mirror continues any other, because the
 * digest decides in the end.
 */
final class HttpSource implements AutoCloseable {
  private final HttpOrigin origin;
  private final List<SourceUrl> urls;
  private final boolean pinned;

  /**
   * @param urls in the order in which they are tried
   * @param pinned whether the digest of the whole is known before
   */
  HttpSource(HttpOrigin origin, List<SourceUrl> urls, boolean pinned) {
    this.origin = origin;
    this.urls = List.copyOf(urls);
    this.pinned = pinned;
  }

  /** An answer that begins where the partial ends; the partial was begun anew where need be. */
  Answer open(Partial partial) throws SourceException, InterruptedException {
    var troubles = new ArrayList<SourceException>();
    for (var url : preferring(partial)) {
      try {
        return open(url, partial);
      } catch (SourceException e) {
        troubles.add(e);
      }
    }
    throw all(troubles);
  }

  private Answer open(SourceUrl url, Partial partial) throws SourceException, InterruptedException {
    var known = partial.origin();
    boolean continues = known != null && continues(url, known);
    // Nothing is left to ask for behind the last byte, but whether it is still the same is.
    long from = continues ? Math.min(partial.length(), known.total() - 1) : 0;
    var answer = checked(origin.get(url, from, continues ? known.validator() : null));
    if (continues && answer.offset() == from && answer.total() == known.total()) {
      partial.shorten(from);
    } else {
      partial.begin(answer);
      if (answer.offset() != 0) {
        answer = again(url, partial, answer);
      }
    }
    return answer;
  }

  /** The whole, from a source whose bytes have changed their length meanwhile. */
  private Answer again(SourceUrl url, Partial partial, Answer unwanted)
      throws SourceException, InterruptedException {
    unwanted.closeQuietly();
    var answer = checked(origin.get(url, 0, null));
    partial.begin(answer);
    return answer;
  }

  private boolean continues(SourceUrl url, Partial.Origin known) {
    boolean same = known.url().equals(hashOf(url)) && known.validator() != null;
    return known.total() > 0 && (same || pinned);
  }

  private List<SourceUrl> preferring(Partial partial) {
    var known = partial.origin();
    var order = new ArrayList<>(urls);
    if (known != null && !pinned) {
      urls.stream()
          .filter(url -> known.url().equals(hashOf(url)))
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
   * Goes on with what broke off.
   *
   * @param before the answer that broke off
   * @param position where to go on
   * @throws SourceException when nobody can
   */
  Answer resume(Answer before, long position) throws SourceException, InterruptedException {
    if (before.total() < 0 || before.validator() == null && !pinned) {
      throw new SourceException(
          Reason.SourceUnreachable,
          before.url()
              + " broke off, and says too little (length; ETag or Last-Modified) to be continued");
    }
    var candidates = new ArrayList<>(List.of(before.url()));
    if (pinned) {
      urls.stream().filter(url -> !url.equals(before.url())).forEach(candidates::add);
    }
    var troubles = new ArrayList<SourceException>();
    for (var url : candidates) {
      try {
        boolean same = url.equals(before.url());
        var answer = origin.get(url, position, same ? before.validator() : null);
        if (answer.total() == before.total()) {
          if (answer.offset() == position) {
            return answer;
          }
          if (pinned || before.validator().equals(answer.validator())) {
            return answer.skippedTo(position);
          }
        }
        answer.closeQuietly();
        troubles.add(
            new SourceException(
                Reason.SourceUnreachable, url + " has changed since the transfer broke off"));
      } catch (SourceException e) {
        troubles.add(e);
      }
    }
    throw all(troubles);
  }

  /**
   * Some of the source's bytes, from whoever has them, the mirrors included.
   *
   * @param total bytes of the whole
   * @throws NotByRangeException when one answers, with others than it was asked for
   * @throws SourceException when nobody answers
   */
  Answer range(long from, int length, long total) throws SourceException, InterruptedException {
    var troubles = new ArrayList<SourceException>();
    for (var url : urls) {
      try {
        var answer = origin.range(url, from, length);
        if (answer.offset() == from && answer.end() == from + length && answer.total() == total) {
          return answer;
        }
        answer.closeQuietly();
        throw new NotByRangeException(url + " does not send ranges of " + total + " bytes");
      } catch (SourceException e) {
        troubles.add(e);
      }
    }
    for (var trouble : troubles) {
      if (trouble instanceof NotByRangeException) {
        throw trouble;
      }
    }
    throw all(troubles);
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    origin.close();
  }

  private Answer checked(Answer answer) throws SourceException {
    if (!answer.ending() && !pinned) {
      answer.closeQuietly();
      throw new SourceException(
          Reason.SourceUnreachable,
          answer.url()
              + " does not say how long it is, so that a cut-off answer would look whole; pin spec.source.digest");
    }
    return answer;
  }

  static String hashOf(SourceUrl url) {
    byte[] text = url.uri().toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.digest().digest(text));
  }

  private static SourceException all(List<SourceException> troubles) {
    if (troubles.size() == 1) {
      return troubles.getFirst();
    }
    var first = troubles.getFirst();
    var message = String.join("; ", troubles.stream().map(Exception::getMessage).toList());
    return new SourceException(first.reason(), message, first);
  }
}
