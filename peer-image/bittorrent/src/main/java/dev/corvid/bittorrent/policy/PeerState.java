package dev.corvid.bittorrent.policy;

import java.util.BitSet;

/** What the policy knows of one connected peer. Confined to the policy. */
final class PeerState {
  private static final long FIRST_PAUSE = 1_000_000_000L;
  private static final long LONGEST_PAUSE = 60_000_000_000L;
  private static final int MOST_DOUBLED = 6;

  final int id;

  /**
   * Whether it is Corvid too: then each unchoke, in both directions, is for one piece. If not it is
   * a foreign peer.
   */
  final boolean corvidPeer;

  /** It fetches so many pieces, the first ones, and leaves; 0: all. */
  final int onlyFirst;

  /** It runs on this machine and shares its link. */
  final boolean sameHost;

  final BitSet has;

  // Towards us.
  boolean unchokesUs;
  int unchokeCredits;
  boolean weAreInterested;
  int downloads;

  /** It has sent something; until then it is not trusted with more than one piece. */
  boolean proven;

  /** When it sent bytes last; meaningful once it is {@link #proven}. */
  long sentAt = Long.MIN_VALUE;

  long snubbedUntil = Long.MIN_VALUE;

  /** Not a Corvid peer: how often in a row it rejected what it was asked for. */
  private int rejects;

  /** Nothing is asked for before; meaningful while there are {@link #rejects}. */
  private long rejectsUntil;

  // From us.
  boolean interestedInUs;
  boolean unchoked;
  boolean queued;

  /** Pieces that it was sent one after the other in its turn. */
  int piecesInTurn;

  /** It did not use its last unchoke. */
  boolean unreliable;

  int grantedUnchokes;
  long unchokedAt;
  long requestedAt;
  final BitSet serving = new BitSet();
  long servedAt;
  long turnBegan;

  /** Super-seeding: first copies that only it has, as far as is seen, and when the last went on. */
  int firsts;

  long spreadAt;
  boolean spreadsNone;

  /** Super-seeding: when it announced a piece last, or came. */
  long tookAt;

  /** Super-seeding: nothing is hidden from it, now or when it comes. */
  boolean seesAll;

  /** Super-seeding: pieces revealed to it that it has not announced. */
  final BitSet shown = new BitSet();

  PeerState(int id, Policy.Kind kind, BitSet has) {
    this.id = id;
    this.corvidPeer = kind.corvid();
    this.onlyFirst = kind.onlyFirst();
    this.sameHost = kind.sameHost();
    this.has = has;
  }

  boolean snubbed(long now) {
    return snubbedUntil != Long.MIN_VALUE && snubbedUntil - now > 0;
  }

  /**
   * It rejected a request. The pause doubles each time; further rejects within it answer what was
   * asked for before, and change nothing.
   */
  void rejects(long now) {
    if (!pauses(now)) {
      rejectsUntil = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(rejects, MOST_DOUBLED));
      rejects++;
    }
  }

  /** It sends, or has unchoked this side: the next reject is the first again. */
  void rejectsNoLonger() {
    rejects = 0;
  }

  /** Whether nothing is asked for, because it would be rejected again. */
  boolean pauses(long now) {
    return rejects > 0 && rejectsUntil - now > 0;
  }
}
