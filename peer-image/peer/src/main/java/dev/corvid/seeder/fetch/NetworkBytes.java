package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.RangeWindow;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a source over the network, in order, and is kept: over a connection of its own,
 * until {@link RangesAhead further ones} bring what follows, and again when these end. Not
 * thread-safe.
 */
final class NetworkBytes implements Closeable {
  private final MirroredSource source;
  private final boolean alone;
  private final PartialDownload partial;
  private final FetchProgress progress;
  private final Resumption resumption;
  private final Sleeper sleeper;
  private volatile SourceResponse response; // which others may close
  private long asked; // when it was asked for, by the clock of the ranges
  private long position;
  private boolean joined;
  private boolean inOrder = true; // whether the response is read; else others bring what follows
  private @Nullable RangesAhead ahead; // null for none
  private @Nullable RangeSource
      rangeSource; // where the ranges of this URL come from; null before any
  private boolean aheadIsWorthIt = true;
  private boolean aheadGaveRoom;

  /**
   * @param asked when the response was asked for, by the clock of the ranges
   */
  NetworkBytes(
      ResumingInputStream.Origin origin,
      PartialDownload partial,
      FetchProgress progress,
      RetryBackoff backoff,
      Sleeper sleeper,
      SourceResponse response,
      long asked) {
    this.source = origin.source();
    this.alone = origin.alone();
    this.partial = partial;
    this.progress = progress;
    this.resumption = new Resumption(source, backoff, sleeper);
    this.sleeper = sleeper;
    this.response = response;
    this.asked = asked;
    this.position = partial.length();
    this.joined = position > 0;
    progress.total(response.total());
  }

  /** The one that is read now, or was last. */
  SourceResponse response() {
    return response;
  }

  /** Whether the bytes did not come in one answer. */
  boolean isJoined() {
    return joined;
  }

  /**
   * @return -1 at the source's end, else at least 1
   */
  int read(byte[] target, int offset, int length) throws SourceException, InterruptedIOException {
    int count = 0;
    while (count == 0) {
      count = inOrder ? readOwn(target, offset, length) : readAhead(target, offset, length);
    }
    if (count < 0) {
      endAhead();
    }
    return count;
  }

  /**
   * @return 0 when the next byte comes from elsewhere
   */
  private int readOwn(byte[] target, int offset, int length)
      throws SourceException, InterruptedIOException {
    int most = length;
    if (ahead != null) {
      switch (ahead.turn(length)) {
        case RangesAhead.Turn.Own own -> most = own.most();
        case RangesAhead.Turn.Others others -> {
          toAhead();
          return 0;
        }
        case RangesAhead.Turn.Over over -> {
          aheadIsWorthIt = ahead.ending().again();
          endAhead();
        }
      }
    }
    int count;
    try {
      count = response.body().read(target, offset, most);
      if (count < 0 && response.total() > position) {
        throw new EOFException("the connection ended early");
      }
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      if (response.total() >= 0 && position == response.total()) {
        return -1;
      }
      if (ahead == null || !ahead.isOwnReplaced()) {
        resume(e);
      }
      return 0;
    }
    return count > 0 && !keep(target, offset, count) ? 0 : count;
  }

  /**
   * @return false for bytes that others bring meanwhile
   */
  private boolean keep(byte[] bytes, int offset, int count) throws SourceException {
    if (response.total() >= 0 && count > response.total() - position) {
      throw new RestartException(response.url() + " sends more than the length that it says");
    }
    resumption.came(count, response.total() - position);
    progress.read(count);
    if (ahead != null && !ahead.passed(count)) {
      return false;
    }
    partial.append(bytes, offset, count);
    position += count;
    if (ahead == null && aheadIsWorthIt) {
      beginAhead();
    }
    return true;
  }

  /**
   * @return 0 when the next byte comes from elsewhere
   */
  private int readAhead(byte[] target, int offset, int length)
      throws SourceException, InterruptedIOException {
    var others = ahead;
    int count = others == null ? 0 : others.read(target, offset, length);
    if (others != null && count > 0) {
      joined = true;
      resumption.came(count, response.total() - position);
      partial.append(others.window(), target, offset, count);
      position += count;
      return count;
    }
    if (position == response.total()) {
      return -1;
    }
    toOrder();
    return 0;
  }

  private void beginAhead() throws SourceException {
    var settings = source.rangeSources().settings();
    long left = response.total() - position;
    var sources =
        left < settings.smallest()
            ? List.<RangeSource>of()
            : source.rangeSources().of(response, alone);
    var window =
        sources.isEmpty() ? Optional.<RangeWindow>empty() : partial.window(settings.window(), left);
    if (window.isEmpty()) {
      aheadIsWorthIt = false;
      return;
    }
    rangeSource = sources.getFirst();
    long took = source.rangeSources().now() - asked;
    ahead =
        new RangesAhead(
            sources,
            settings,
            window.get(),
            new RangesAhead.Start(position, response.total(), took, () -> response.closeQuietly()),
            progress::read,
            sleeper);
  }

  /** Others bring what follows. */
  private void toAhead() {
    inOrder = false;
    response.closeQuietly();
  }

  /**
   * Others do not bring what follows. They came from where a redirect led to, which may be the only
   * place that has this version; so that is asked first.
   */
  private void toOrder() throws SourceException, InterruptedIOException {
    @Nullable IOException why = null;
    if (ahead != null) {
      why = ahead.ending().why();
      aheadIsWorthIt = ahead.ending().again();
      endAhead();
    }
    joined = true;
    inOrder = true;
    var rest = why instanceof RetryAfterException ? Optional.<SourceResponse>empty() : rest();
    if (rest.isPresent()) {
      response = rest.get();
    } else if (why == null) {
      asked = source.rangeSources().now();
      response = resumption.now(response, position, alone);
      progress.total(response.total());
    } else {
      resume(why);
    }
  }

  private Optional<SourceResponse> rest() throws InterruptedIOException {
    asked = source.rangeSources().now();
    try {
      return rangeSource == null ? Optional.empty() : rangeSource.rest(position);
    } catch (InterruptedException e) {
      throw Resumption.stopped();
    }
  }

  private void resume(IOException broken) throws SourceException, InterruptedIOException {
    response.closeQuietly();
    joined = true;
    asked = source.rangeSources().now();
    response = resumption.after(broken, response, position, alone);
    progress.total(response.total());
  }

  /** Frees the disk that is taken by bytes before their turn, and does without for good. */
  void giveUpAhead() throws SourceException {
    aheadGaveRoom = ahead != null;
    aheadIsWorthIt = false;
    endAhead();
  }

  /** Frees the disk that the bytes take. What was given up before for their sake may be again. */
  void giveUpPartial() throws SourceException {
    boolean again = aheadIsWorthIt || aheadGaveRoom;
    endAhead();
    partial.giveUp();
    aheadIsWorthIt = again;
  }

  private void endAhead() throws SourceException {
    if (ahead != null) {
      var window = ahead.window();
      ahead.close();
      ahead = null;
      partial.free(window);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (ahead != null) {
        ahead.close();
        partial.close(ahead.window());
      }
    } finally {
      response.close();
    }
  }
}
