package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A swarm of its own with one torrent over a real file. */
public final class TestPeer implements AutoCloseable {
  final Swarm swarm;
  final Torrent torrent;
  final CompletableFuture<Void> completed = new CompletableFuture<>();
  final CompletableFuture<IOException> storageFailure = new CompletableFuture<>();
  private final Path file;
  private final Storage storage;

  private TestPeer(Swarm swarm, Sample sample, Path file, Storage storage, TorrentOptions options) {
    this.swarm = swarm;
    this.file = file;
    this.storage = storage;
    var listener =
        new TorrentListener() {
          @Override
          public void completed() {
            completed.complete(null);
          }

          @Override
          public void storageFailed(IOException cause) {
            storageFailure.complete(cause);
          }
        };
    torrent = swarm.add(sample.metainfo(), storage, options, listener);
  }

  static TestPeer start(Path directory, Sample sample, BitSet held) throws IOException {
    return start(directory, sample, held, UnaryOperator.identity(), TorrentOptions.defaults());
  }

  static TestPeer start(
      Path directory,
      Sample sample,
      BitSet held,
      UnaryOperator<Storage> wrapping,
      TorrentOptions options)
      throws IOException {
    return start(directory, swarm(), sample, held, wrapping, options);
  }

  /** As on the machine of that name. */
  static TestPeer on(
      String host, Path directory, Sample sample, BitSet held, TorrentOptions options)
      throws IOException {
    var listening =
        SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var swarm = Swarm.open(listening.onHost(host));
    return start(directory, swarm, sample, held, UnaryOperator.identity(), options);
  }

  private static TestPeer start(
      Path directory,
      Swarm swarm,
      Sample sample,
      BitSet held,
      UnaryOperator<Storage> wrapping,
      TorrentOptions options)
      throws IOException {
    var file = Files.createTempFile(directory, "peer", ".bin");
    Files.write(file, sample.holding(held));
    var storage = wrapping.apply(new FileStorage(file, held));
    return new TestPeer(swarm, sample, file, storage, options);
  }

  public static Swarm swarm() throws IOException {
    return Swarm.open(
        SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  /** As by default, with another patience for handshakes. */
  static SwarmOptions options(Duration handshakeTimeout) {
    var usual =
        SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new SwarmOptions(
        usual.listen(),
        0,
        0,
        usual.threads(),
        usual.maxPendingHandshakes(),
        usual.maxConnectionsPerAddress(),
        usual.dialTimeout(),
        handshakeTimeout,
        usual.largestBlock(),
        usual.host());
  }

  InetSocketAddress address() {
    return swarm.address();
  }

  TestPeer knows(TestPeer... others) {
    for (var other : others) {
      torrent.addNeighbours(List.of(other.address()));
    }
    return this;
  }

  void awaitCompletion() throws Exception {
    completed.get(60, TimeUnit.SECONDS);
  }

  byte[] content() throws IOException {
    return Files.readAllBytes(file);
  }

  @Override
  public void close() throws IOException {
    swarm.close();
    if (storage instanceof FileStorage open) {
      open.close();
    }
  }
}
