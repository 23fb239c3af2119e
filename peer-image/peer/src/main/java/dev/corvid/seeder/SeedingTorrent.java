package dev.corvid.seeder;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.bittorrent.swarm.Torrent;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A torrent in the swarm, and the files that it is served from. Thread-safe. */
final class SeedingTorrent implements AutoCloseable {
  private final Closeable files;
  private final CompletableFuture<Void> whole = new CompletableFuture<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final Torrent torrent;

  /**
   * @param files closed with this
   */
  static <S extends Storage & Closeable> SeedingTorrent begin(
      Swarm swarm, SwarmId id, Metainfo metainfo, S files, TorrentOptions options) {
    return new SeedingTorrent(swarm, id, metainfo, files, files, options);
  }

  private SeedingTorrent(
      Swarm swarm,
      SwarmId id,
      Metainfo metainfo,
      Storage storage,
      Closeable files,
      TorrentOptions options) {
    this.files = files;
    torrent =
        swarm.add(
            id,
            metainfo,
            storage,
            options,
            new TorrentListener() {
              @Override
              public void completed() {
                whole.complete(null);
              }

              @Override
              public void storageFailed(IOException cause) {
                failed.completeExceptionally(cause);
              }
            });
  }

  Torrent torrent() {
    return torrent;
  }

  /**
   * Waits until all of it is here.
   *
   * @param useless fails when that will not be
   * @throws IOException what {@code useless} failed with, or why the files cannot be written
   */
  void awaitWhole(CompletableFuture<Void> useless) throws IOException, InterruptedException {
    await(CompletableFuture.anyOf(whole, failed, useless));
  }

  /**
   * Waits for the end, which comes by an interrupt or by this exception.
   *
   * @throws IOException when the files cannot be read
   */
  void awaitFailure() throws IOException, InterruptedException {
    await(failed);
  }

  private static void await(CompletableFuture<?> future) throws IOException, InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    torrent.close();
    files.close();
  }
}
