package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** One process's part in any number of swarms, for those that take part through it. Thread-safe. */
public interface SwarmEngine {
  /**
   * Takes part in a torrent until it is closed.
   *
   * @param id the name under which its peers meet
   * @throws IllegalStateException if this swarm is closed or has a torrent of that name already
   */
  JoinedTorrent add(
      SwarmId id,
      Metainfo metainfo,
      Storage storage,
      TorrentOptions torrentOptions,
      TorrentListener listener);

  /**
   * Fetches the info dictionary from neighbours (BEP 9) and checks it against the info-hash. Tries
   * the neighbours again with back-off until one answers, and asks those that connect meanwhile;
   * cancel the future to give up. Of large dictionaries one after the other is fetched, however
   * many are asked for.
   *
   * @param id the swarm in which they are asked
   * @param keeper where it goes
   * @return fails only with what the keeper threw: nothing is fetched any more then
   */
  CompletableFuture<Metainfo> fetchMetainfo(
      SwarmId id,
      InfoHash infoHash,
      Collection<InetSocketAddress> neighbours,
      MetainfoKeeper keeper);

  /**
   * Neighbours that may be asked, too, by the fetch of metainfo that is under way in that swarm.
   */
  void addNeighbours(SwarmId id, Collection<InetSocketAddress> neighbours);

  /**
   * Where this process is, for connections to come: bytes from other places are counted.
   *
   * @param name empty when it is not known
   */
  void zone(String name);
}
