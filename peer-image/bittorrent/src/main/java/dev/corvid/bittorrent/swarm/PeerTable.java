package dev.corvid.bittorrent.swarm;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.net.Connection;
import dev.corvid.bittorrent.pieces.ActivePieces;
import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.policy.PolicyActions;
import dev.corvid.bittorrent.wire.Message;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sources that a torrent's policy knows, by their numbers; carries out what it decides.
 * Confined to the torrent's loop.
 */
final class PeerTable implements PolicyActions {
  private final @Nullable PieceSource[] sources;
  private final ActivePieces activePieces;
  private final Runnable onProgress;

  /**
   * @param onProgress called when something began whose time the policy must watch
   */
  PeerTable(int capacity, ActivePieces activePieces, Runnable onProgress) {
    this.sources = new PieceSource[capacity];
    this.activePieces = activePieces;
    this.onProgress = onProgress;
  }

  /** Numbers are below it. */
  int capacity() {
    return sources.length;
  }

  /**
   * @return false if there is no room
   */
  boolean add(PieceSource source) {
    for (var id = 0; id < sources.length; id++) {
      if (sources[id] != null) {
        continue;
      }
      sources[id] = source;
      source.assignId(id);
      return true;
    }
    return false;
  }

  void remove(PieceSource source) {
    sources[source.id()] = null;
  }

  void forEach(Consumer<PieceSource> action) {
    for (var each : sources) {
      if (each != null) {
        action.accept(each);
      }
    }
  }

  /** How many peers were asked for blocks that have not begun to come. */
  int expectingPeers() {
    var count = 0;
    for (var each : sources) {
      if (each instanceof Connection connection && connection.pipeline().outstanding() > 0) {
        count++;
      }
    }
    return count;
  }

  /** Whether more of the piece is expected from any source. */
  boolean expects(int piece) {
    for (var each : sources) {
      if (each != null && each.expects(piece)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void fetch(int peer, int piece) {
    source(peer).fetch(activePieces.open(piece));
    onProgress.run();
  }

  @Override
  public void cancel(int peer, int piece) {
    var source = sources[peer];
    if (source == null) {
      return;
    }
    var open = activePieces.find(piece);
    if (open != null) {
      open.unask(source);
    }
    source.cancel(piece);
  }

  @Override
  public void interested(int peer) {
    source(peer).send(Message.Signal.INTERESTED);
  }

  @Override
  public void notInterested(int peer) {
    source(peer).send(Message.Signal.NOT_INTERESTED);
  }

  @Override
  public void unchoke(int peer) {
    source(peer).send(Message.Signal.UNCHOKE);
    onProgress.run();
  }

  @Override
  public void choke(int peer) {
    source(peer).send(Message.Signal.CHOKE);
    source(peer).refuseAll();
  }

  @Override
  public void reveal(int peer, int piece) {
    source(peer).send(new Message.Have(piece));
  }

  private PieceSource source(int peer) {
    return requireNonNull(sources[peer], "the policy knows the peer");
  }
}
