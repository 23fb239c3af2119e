package dev.corvid.swarm;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The limits of one torrent and of the swarm together. Downloads are paced by asking, not by
 * reading, so that messages are never held up; uploads by writing.
 */
final class Limits {
  /** Not worth a write of its own. */
  private static final int LEAST_UPLOAD = 16 << 10;

  private final Loop loop;
  private final TokenBucket swarmDownload;
  private final TokenBucket swarmUpload;
  private final TokenBucket download;
  private final TokenBucket upload;
  private final Waiting askers;
  private final Waiting writers;

  Limits(Loop loop, Session.Shared shared, TorrentOptions options) {
    this.loop = loop;
    swarmDownload = shared.download();
    swarmUpload = shared.upload();
    download = new TokenBucket(options.downloadLimit(), loop.now());
    upload = new TokenBucket(options.uploadLimit(), loop.now());
    askers = new Waiting(swarmDownload, download, 1, Connection::askAgain);
    writers = new Waiting(swarmUpload, upload, LEAST_UPLOAD, Connection::uploadAllowed);
  }

  void set(long downloadLimit, long uploadLimit) {
    download.rate(downloadLimit, loop.now());
    upload.rate(uploadLimit, loop.now());
    retry();
  }

  /** A limit has changed: who waits looks again. */
  void retry() {
    askers.retry();
    writers.retry();
  }

  boolean mayDownload(long now) {
    return swarmDownload.available(1, now) > 0 && download.available(1, now) > 0;
  }

  void downloads(int bytes) {
    swarmDownload.take(bytes);
    download.take(bytes);
  }

  /**
   * Bytes of payload that may be written now: {@code wanted}, or less, or 0 if it is not worth a
   * write.
   */
  int uploadAllowance(int wanted, long now) {
    var allowed = Math.min(swarmUpload.available(wanted, now), upload.available(wanted, now));
    return allowed < Math.min(wanted, LEAST_UPLOAD) ? 0 : (int) allowed;
  }

  void uploads(int bytes) {
    swarmUpload.take(bytes);
    upload.take(bytes);
  }

  void waitForDownload(Connection connection) {
    askers.add(connection);
  }

  void waitForUpload(Connection connection) {
    writers.add(connection);
  }

  void forget(Connection connection) {
    askers.remove(connection);
    writers.remove(connection);
  }

  /** Connections that go on, in the order in which they came, when both buckets have enough. */
  private final class Waiting {
    private final TokenBucket first;
    private final TokenBucket second;
    private final int enough;
    private final Consumer<Connection> goOn;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private Loop.Timer timer;

    Waiting(TokenBucket first, TokenBucket second, int enough, Consumer<Connection> goOn) {
      this.first = first;
      this.second = second;
      this.enough = enough;
      this.goOn = goOn;
    }

    void add(Connection connection) {
      connections.add(connection);
      if (timer == null)
        timer =
            loop.after(
                Math.max(first.wait(enough, loop.now()), second.wait(enough, loop.now())),
                this::goOn);
    }

    void remove(Connection connection) {
      connections.remove(connection);
    }

    void retry() {
      if (timer == null) return;
      timer.cancel();
      goOn();
    }

    private void goOn() {
      timer = null;
      var waiting = connections.toArray(Connection[]::new);
      connections.clear();
      for (var connection : waiting) goOn.accept(connection);
    }
  }
}
