package dev.corvid.e2e.bench.program;

import java.nio.file.Path;

/**
 * Our program as a node of a cluster places a revision: pieces, SHA-256 of every file read back,
 * sync, rename, switch. Nothing signs its grant here; the rest is the node's own code.
 */
public record CorvidNode(Corvid corvid) implements Client {
  private static final String PLACE = "dev.corvid.cli.swarm.Place";

  @Override
  public String name() {
    return "corvid, placing a revision";
  }

  @Override
  public Torrent torrent(Corvid corvid, Path content, Path torrent, String announce) {
    return Corvid.made(corvid.among(PLACE, "make", revision(content), torrent, announce), torrent);
  }

  @Override
  public Running seed(Place place, Path torrent, Path content) {
    return corvid.seed(place, torrent, revision(content));
  }

  @Override
  public Running get(Place place, Path torrent, Path directory) {
    return Corvid.start(place, corvid.among(PLACE, "get", torrent, directory));
  }

  @Override
  public Path delivered(Path directory, String content) {
    return directory.resolve("bench/release/current").resolve(content);
  }

  /** A tree, with a manifest in it. */
  private static Path revision(Path content) {
    return content.getParent();
  }
}
