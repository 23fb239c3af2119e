package dev.corvid.seeder.fetch;

import dev.corvid.bittorrent.WebSeed;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The source of a single file as a web seed of its torrent: of the file the source is asked for
 * ranges; the manifest is known. Thread-safe.
 */
public final class SourceWebSeed implements WebSeed, AutoCloseable {
  /** Whoever wants to know how the source does. */
  public interface Listener {
    /** It is asked again later. */
    void failed(SourceException trouble);

    /** Bytes came again. */
    void recovered();
  }

  private final PinnedFile file;
  private final SourceFactory sources;
  private final FetchProgress progress;
  private final Listener listener;
  private final CompletableFuture<Void> useless = new CompletableFuture<>();
  private @Nullable MirroredSource source;
  private boolean failing;

  /** The URL that did so last, and so is asked after the others; null for none. */
  private volatile @Nullable SourceUrl brokenOff;

  public SourceWebSeed(
      PinnedFile file, SourceFactory sources, FetchProgress progress, Listener listener) {
    this.file = file;
    this.sources = sources;
    this.progress = progress;
    this.listener = listener;
  }

  /**
   * Fails with {@link RangeUnavailableException} once it is clear that the file cannot be had this
   * way.
   */
  public CompletableFuture<Void> useless() {
    return useless;
  }

  @Override
  public InputStream open(int number, long from, int length)
      throws SourceException, InterruptedException {
    if (file.isManifest(number)) {
      return new ByteArrayInputStream(file.manifest(), (int) from, length);
    }
    @Nullable MirroredSource asked = null;
    try {
      asked = source();
      return new Body(asked, asked.range(from, length, file.length(), brokenOff));
    } catch (RangeUnavailableException e) {
      useless.completeExceptionally(e);
      throw e;
    } catch (SourceException e) {
      throw failed(asked, e);
    }
  }

  @Override
  public void corrupted() {
    useless.completeExceptionally(
        new RangeUnavailableException("the source's bytes are not those that were published"));
  }

  /** With the Secret of the moment, once the last has brought trouble. */
  private synchronized MirroredSource source() throws SourceException {
    if (source == null) {
      source = sources.create();
      source.onSkipped(progress::read);
    }
    return source;
  }

  /** Others that were under way end with the first that fails, and so tell nothing new. */
  private synchronized SourceException failed(
      @Nullable MirroredSource asked, SourceException trouble) {
    if (asked == source) {
      close();
      failing = true;
      listener.failed(trouble);
    }
    return trouble;
  }

  private synchronized void came(int bytes) {
    progress.read(bytes);
    if (failing) {
      failing = false;
      listener.recovered();
    }
  }

  @Override
  public synchronized void close() {
    if (source != null) {
      source.close();
      source = null;
    }
  }

  @Override
  public String toString() {
    return "the source";
  }

  /** Counts what comes, and says when it breaks off. */
  private final class Body extends FilterInputStream {
    private final MirroredSource asked;
    private final SourceUrl url;

    public Body(MirroredSource asked, SourceResponse response) {
      super(response.body());
      this.asked = asked;
      url = response.url();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int count = super.read(target, offset, length);
        if (count > 0) {
          came(count);
        }
        return count;
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e; // it is no longer wanted
        }
        brokenOff = url;
        throw failed(
            asked,
            new SourceException(
                Reason.SourceUnreachable, url + " broke off: " + SourceResponse.words(e), e));
      }
    }
  }
}
