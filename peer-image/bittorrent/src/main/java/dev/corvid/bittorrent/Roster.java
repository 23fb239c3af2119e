package dev.corvid.bittorrent;

import java.util.function.Consumer;

/**
 * Everybody that a torrent's policy knows, by the number it knows them by: does to them what it
 * decides. Confined to the torrent's loop.
 */
final class Roster implements Actions {
  private final Source[] sources;
  private final Download download;
  private final Runnable decided;

  /**
   * @param decided told that something is under way, over whose time the policy must watch
   */
  Roster(int most, Download download, Runnable decided) {
    this.sources = new Source[most];
    this.download = download;
    this.decided = decided;
  }

  /** Numbers are below it. */
  int most() {
    return sources.length;
  }

  /**
   * @return false if there is no room
   */
  boolean add(Source source) {
    for (var id = 0; id < sources.length; id++) {
      if (sources[id] != null) continue;
      sources[id] = source;
      source.knownAs(id);
      return true;
    }
    return false;
  }

  void remove(Source source) {
    sources[source.id()] = null;
  }

  void forEach(Consumer<Source> action) {
    for (var each : sources) if (each != null) action.accept(each);
  }

  /** How many peers were asked for blocks that have not begun to come. */
  int owing() {
    var count = 0;
    for (var each : sources) {
      if (each instanceof Connection connection && connection.pipeline().outstanding() > 0) {
        count++;
      }
    }
    return count;
  }

  /** Whether more of the piece is to come from anybody. */
  boolean owes(int piece) {
    for (var each : sources) if (each != null && each.owes(piece)) return true;
    return false;
  }

  @Override
  public void fetch(int peer, int piece) {
    sources[peer].fetch(download.open(piece));
    decided.run();
  }

  @Override
  public void cancel(int peer, int piece) {
    var source = sources[peer];
    if (source == null) return;
    var open = download.find(piece);
    if (open != null) open.unask(source);
    source.cancel(piece);
  }

  @Override
  public void interested(int peer) {
    sources[peer].send(Message.Signal.INTERESTED);
  }

  @Override
  public void notInterested(int peer) {
    sources[peer].send(Message.Signal.NOT_INTERESTED);
  }

  @Override
  public void unchoke(int peer) {
    sources[peer].send(Message.Signal.UNCHOKE);
    decided.run();
  }

  @Override
  public void choke(int peer) {
    sources[peer].send(Message.Signal.CHOKE);
    sources[peer].refuseAll();
  }

  @Override
  public void reveal(int peer, int piece) {
    sources[peer].send(new Message.Have(piece));
  }
}
