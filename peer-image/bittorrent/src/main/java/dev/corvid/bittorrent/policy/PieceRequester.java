package dev.corvid.bittorrent.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which piece is requested from which peer. At most {@code width} pieces are in flight from all
 * Corvid peers together: an unchoke is used while fewer are and declined at once otherwise, so that
 * the other side unchokes another peer. The next piece is reserved when one is about to end.
 * Foreign peers send at their own rate and do not count. While {@code defersToServers}, nothing is
 * requested from Corvid peers.
 *
 * <pre>
 * wanted    -- unchoke, and fewer than width --> in flight
 * in flight -- good                       --> have
 * in flight -- bad                        --> wanted
 * in flight -- gone, choked, rejected, no progress, far slower than others, stalled  --> wanted, begun
 * </pre>
 */
final class PieceRequester {
  static final long STALL = 2_000_000_000L;
  static final long FOREIGN_STALL = 20_000_000_000L;
  static final long SNUB = 10_000_000_000L;
  private static final long SLOW_AT_LEAST = 1_000_000_000L;
  private static final int MAX_SOURCES = 3;

  /** Bytes that a piece still lacks; the policy does not know blocks. */
  public interface Remaining {
    long of(int piece);
  }

  private final int width;
  private final PiecePicker picker;
  private final BitSet missing;
  private final RandomGenerator random;
  private final Remaining remaining;
  private final PolicyActions actions;
  private final BooleanSupplier defersToServers;
  private final PieceTimeEstimator timeEstimator = new PieceTimeEstimator();
  private final List<PieceDownload> downloads = new ArrayList<>();

  PieceRequester(
      int width,
      PiecePicker picker,
      BitSet missing,
      RandomGenerator random,
      Remaining remaining,
      PolicyActions actions,
      BooleanSupplier defersToServers) {
    this.width = width;
    this.picker = picker;
    this.missing = missing;
    this.random = random;
    this.remaining = remaining;
    this.actions = actions;
    this.defersToServers = defersToServers;
    missing.stream().forEach(picker::add);
  }

  int inFlight() {
    return downloads.size();
  }

  /** A Corvid peer unchokes this side for one piece, a foreign peer until it chokes. */
  void unchoked(PeerState n, long now) {
    boolean choked = !n.unchokesUs;
    n.unchokesUs = true;
    if (n.corvidPeer) {
      n.unchokeCredits++;
      accept(n, now);
    } else {
      if (choked) {
        n.rejectsNoLonger(); // an unchoke beside each reject says nothing new
      }
      wantsMore(n, now);
    }
  }

  /** There is room for more requests to the foreign peer. */
  void wantsMore(PeerState n, long now) {
    if (n.corvidPeer || !n.unchokesUs || n.snubbed(now) || n.pauses(now)) {
      return;
    }
    var piece = choose(n, now);
    if (piece >= 0) {
      begin(n, piece, now);
    }
  }

  void choked(PeerState n, long now) {
    n.unchokesUs = false;
    n.unchokeCredits = 0;
    release(n, now);
  }

  void gone(PeerState n, long now) {
    release(n, now);
  }

  /**
   * A Corvid peer unchokes again when it sends again. A foreign peer is asked again after a pause:
   * at once it would reject again, as fast as requests travel.
   */
  void rejected(PeerState n, int piece, long now) {
    var download = find(n, piece);
    if (download != null) {
      end(download, now);
      if (!n.corvidPeer) {
        n.rejects(now);
      }
    }
  }

  void asked(PeerState n, int piece, int bytes, long now) {
    var download = find(n, piece);
    if (download != null) {
      download.asked(bytes, now);
    }
  }

  /**
   * @return whether another piece may be requested, so that all peers are to be considered again
   */
  boolean received(PeerState n, int piece, int bytes, long now) {
    n.proven = true;
    n.sentAt = now;
    n.rejectsNoLonger();
    var download = find(n, piece);
    if (download == null) {
      return false;
    }
    if (download.received == 0 && download.first) {
      timeEstimator.firstByte(now - download.began);
    }
    download.arrived(bytes, now);
    if (download.due <= 0) {
      nextIsDue(download, now);
    }
    if (download.ending || !n.corvidPeer) {
      return false;
    }
    // Interested and unchoke, then request and piece: two round trips.
    download.ending = download.expected(remaining.of(piece), now) < 2 * timeEstimator.roundTrip();
    return download.ending;
  }

  /** A neighbour sends in order: what was asked of it after this one could not come before. */
  private void nextIsDue(PieceDownload sent, long now) {
    for (var later : downloads.subList(downloads.indexOf(sent) + 1, downloads.size())) {
      if (later.from == sent.from) {
        later.progressedAt = now;
      }
    }
  }

  void good(int piece, long now) {
    missing.clear(piece);
    for (var download : downloadsOf(piece)) {
      if (download.from.corvidPeer && download.received > 0) {
        timeEstimator.piece(now - download.began);
      }
      remove(download);
      actions.cancel(download.from.id, piece);
    }
    picker.remove(piece);
  }

  void stalled(int piece, long now) {
    for (var download : downloadsOf(piece)) {
      end(download, now);
    }
  }

  void bad(int piece) {
    for (var download : downloadsOf(piece)) {
      remove(download);
      actions.cancel(download.from.id, piece);
    }
    picker.add(piece);
  }

  /** Sends interested or not interested, if that has changed. */
  void reconsider(PeerState n, long now) {
    if (n.weAreInterested) {
      if (!useful(n)) {
        decline(n);
      }
    } else if (useful(n) && (n.corvidPeer ? free() && trusted(n, now) : !n.snubbed(now))) {
      n.weAreInterested = true;
      actions.interested(n.id);
    }
    if (n.downloads == 0) {
      wantsMore(n, now);
    }
  }

  /** Gives up on pieces that do not arrive: a slow or frozen peer never holds up the others. */
  void tick(Iterable<PeerState> neighbours, long now) {
    for (var download : List.copyOf(downloads)) {
      if (download.stalled(now)) {
        download.from.snubbedUntil = now + SNUB;
        download.from.proven = false;
        actions.cancel(download.from.id, download.piece);
        end(download, now);
      } else if (tooSlow(download, now) && elsewhere(download, neighbours, now)) {
        actions.cancel(download.from.id, download.piece);
        end(download, now);
      }
    }
    for (var n : neighbours) {
      reconsider(n, now);
    }
  }

  private void accept(PeerState n, long now) {
    while (n.unchokeCredits > 0) {
      var piece = free() && trusted(n, now) ? choose(n, now) : -1;
      if (piece < 0) {
        decline(n);
        return;
      }
      n.unchokeCredits--;
      begin(n, piece, now);
    }
  }

  private boolean trusted(PeerState n, long now) {
    return !n.snubbed(now) && (n.proven || n.downloads == 0);
  }

  private void decline(PeerState n) {
    n.unchokeCredits = 0;
    n.weAreInterested = false;
    actions.notInterested(n.id);
  }

  private void begin(PeerState n, int piece, long now) {
    picker.remove(piece);
    downloads.add(new PieceDownload(n, piece, now));
    n.downloads++;
    actions.fetch(n.id, piece);
  }

  private boolean free() {
    if (defersToServers.getAsBoolean()) {
      return false;
    }
    var busy = 0;
    for (var download : downloads) {
      if (download.from.corvidPeer && !download.ending) {
        busy++;
      }
    }
    return busy < width;
  }

  private boolean useful(PeerState n) {
    return picker.intersects(n.has) || (picker.isEmpty() && missing.intersects(n.has));
  }

  /**
   * The rarest wanted piece; at the very end the one that has been in flight longest from another
   * peer.
   */
  private int choose(PeerState n, long now) {
    if (!picker.isEmpty()) {
      return picker.choose(n.has, random);
    }
    PieceDownload oldest = null;
    for (var download : downloads) {
      var late = now - download.began > timeEstimator.median();
      if (late
          && n.has.get(download.piece)
          && downloadsOf(download.piece).size() < MAX_SOURCES
          && find(n, download.piece) == null) {
        if (oldest == null || download.began < oldest.began) {
          oldest = download;
        }
      }
    }
    return oldest == null ? -1 : oldest.piece;
  }

  private boolean tooSlow(PieceDownload download, long now) {
    var limit = Math.max(SLOW_AT_LEAST, 3 * timeEstimator.median());
    return download.due > 0
        && now - download.began > limit
        && download.expected(remaining.of(download.piece), now) > timeEstimator.median();
  }

  private boolean elsewhere(PieceDownload download, Iterable<PeerState> neighbours, long now) {
    for (var n : neighbours) {
      if (n != download.from
          && n.downloads == 0
          && n.has.get(download.piece)
          && !n.snubbed(now)
          && !n.pauses(now)) {
        return true;
      }
    }
    return false;
  }

  private void release(PeerState n, long now) {
    for (var download : List.copyOf(downloads)) {
      if (download.from == n) {
        end(download, now);
      }
    }
  }

  /**
   * The piece does not come from this peer: it is wanted again, unless another peer is sending it
   * too.
   */
  private void end(PieceDownload download, long now) {
    remove(download);
    if (downloadsOf(download.piece).isEmpty() && missing.get(download.piece)) {
      picker.addBegun(download.piece);
    }
  }

  private void remove(PieceDownload download) {
    downloads.remove(download);
    download.from.downloads--;
  }

  private @Nullable PieceDownload find(PeerState n, int piece) {
    for (var download : downloads) {
      if (download.from == n && download.piece == piece) {
        return download;
      }
    }
    return null;
  }

  private List<PieceDownload> downloadsOf(int piece) {
    var found = new ArrayList<PieceDownload>(1);
    for (var download : downloads) {
      if (download.piece == piece) {
        found.add(download);
      }
    }
    return found;
  }
}
