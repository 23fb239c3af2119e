package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.RangeRequest;
import dev.corvid.seeder.http.RetryAfterTimes;
import dev.corvid.seeder.http.SourceHttpClient;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.source.SourceUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who gives ranges of a source to further connections, and what is known of that. Thread-safe. */
final class RangeSources {
  private final SourceHttpClient origin;
  private final List<SourceUrl> urls;
  private final boolean pinned;
  private final RetryAfterTimes retryTimes;
  private final SingleConnectionOrigins singles;
  private final RangeSettings settings;

  /** Which were silent when their bytes were awaited. */
  private final Set<SourceUrl> stalled = ConcurrentHashMap.newKeySet();

  /**
   * @param pinned whether a digest decides in the end
   * @param singles which are asked over one connection only
   * @param settings of the others
   */
  RangeSources(
      SourceHttpClient origin,
      List<SourceUrl> urls,
      boolean pinned,
      RetryAfterTimes retryTimes,
      SingleConnectionOrigins singles,
      RangeSettings settings) {
    this.origin = origin;
    this.urls = urls;
    this.pinned = pinned;
    this.retryTimes = retryTimes;
    this.singles = singles;
    this.settings = settings;
  }

  RangeSettings settings() {
    return settings;
  }

  /** Whether a digest decides in the end. */
  boolean isPinned() {
    return pinned;
  }

  /** What the settings' clock says. */
  long now() {
    return settings.clock().getAsLong();
  }

  SingleConnectionOrigins singles() {
    return singles;
  }

  /**
   * Who can give ranges of what an answer is of: its own URL first, and with a pinned digest the
   * mirrors. Empty where only one connection can be had, because nothing says that the bytes would
   * be of one version, or the source offers no ranges.
   *
   * @param alone whether only the same URL may do so, with the same version. With a pinned digest
   *     joined bytes have been wrong then, whatever their validators said
   */
  List<RangeSource> of(SourceResponse first, boolean alone) {
    var representation = first.representation();
    boolean offered =
        pinned
            ? !alone
            : representation.ranges()
                && first.validator() != null
                && representation.address() != null;
    if (first.total() < 0
        || !offered
        || singles.contains(first.url())
        || singles.contains(representation.hop())) {
      return List.of();
    }
    var sources = new ArrayList<RangeSource>();
    sources.add(RangeSource.of(this, first));
    if (pinned) {
      urls.stream()
          .filter(url -> !url.equals(first.url()))
          .filter(url -> !singles.contains(url) && !stalled.contains(url))
          .forEach(url -> sources.add(RangeSource.mirror(this, url, first.total())));
    }
    return sources;
  }

  /**
   * @return whether it is the first time
   */
  boolean stalls(SourceUrl url) {
    return stalled.add(url);
  }

  /** A URL wants to be left alone for a time. */
  void heed(SourceUrl url, RetryAfterException e) {
    retryTimes.note(url, e);
  }

  /**
   * A range, or whatever is answered. A pause that is asked for is not noted: it may be one
   * connection too many that is refused, and others are served.
   *
   * @param start the URL, or where it redirects to
   */
  SourceResponse ask(SourceUrl url, SourceUrl start, RangeRequest range)
      throws SourceException, InterruptedException {
    retryTimes.check(url);
    return origin.get(url, start, range, true);
  }
}
