package dev.corvid.seeder;

import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.bittorrent.swarm.Torrent;
import dev.corvid.store.FileDownload;
import dev.corvid.store.StoreOptions;
import dev.corvid.wire.seeder.Publication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** As much of a node as takes part in the swarm. */
final class SwarmNode implements AutoCloseable {
  final Swarm swarm;
  private final Metainfo metainfo;
  private final Path directory;
  private FileDownload files;
  private final SwarmId id;
  Torrent torrent;

  SwarmNode(Path directory, Publication publication, List<InetSocketAddress> neighbours)
      throws Exception {
    this.directory = directory;
    swarm =
        Swarm.open(
            SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
    var infoHash = InfoHash.ofHex(publication.content().infoHash());
    id = SeederFixture.swarmOf(publication.content());
    metainfo =
        swarm
            .fetchMetainfo(id, infoHash, neighbours, MetainfoKeeper.IN_MEMORY)
            .get(60, TimeUnit.SECONDS);
  }

  InetSocketAddress address() {
    return swarm.address();
  }

  void join(TorrentOptions options, List<InetSocketAddress> neighbours) throws IOException {
    leave();
    files = FileDownload.open(metainfo, directory, StoreOptions.ofThisMachine());
    torrent = swarm.add(id, metainfo, files, options, new TorrentListener() {});
    torrent.addNeighbours(neighbours);
  }

  void awaitPieces(int count) {
    await().until(() -> torrent.stats().verifiedPieces() == count);
  }

  Path file(String path) {
    return directory.resolve("corvid").resolve(path);
  }

  private void leave() throws IOException {
    if (torrent != null) {
      torrent.close();
      files.close();
    }
  }

  @Override
  public void close() throws IOException {
    leave();
    swarm.close();
  }
}
