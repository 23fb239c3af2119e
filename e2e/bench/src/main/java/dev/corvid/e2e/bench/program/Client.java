package dev.corvid.e2e.bench.program;

import java.nio.file.Path;

/** A BitTorrent client that can be started as a seeder and as a peer. */
public interface Client {
  /** The port on which every client of a swarm listens. */
  int PORT = 6881;

  String name();

  /** Makes the torrent that all its peers are given. */
  default Torrent torrent(Corvid corvid, Path content, Path torrent, String announce) {
    return corvid.make(content, torrent, "--announce", announce);
  }

  /** Where {@link #get} leaves the content. */
  default Path delivered(Path directory, String content) {
    return directory.resolve(content);
  }

  /** Serves {@code content}, whose name is the torrent's; runs until it is ended. */
  Running seed(Place place, Path torrent, Path content);

  /** Downloads into {@code directory} and serves until it is ended. */
  Running get(Place place, Path torrent, Path directory);
}
