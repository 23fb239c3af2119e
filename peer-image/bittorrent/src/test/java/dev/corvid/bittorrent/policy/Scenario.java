package dev.corvid.bittorrent.policy;

import java.util.Arrays;

/**
 * The network, the content and the misfortunes of a simulated swarm. Node 0 is the seeder. Rates
 * are bytes per second of payload, times nanoseconds.
 */
final class Scenario {
  static final long MILLISECOND = 1_000_000L;

  /** Parts that a piece travels in. */
  static final int MOST_PARTS = 16;

  final double[] up;
  final double[] down;
  final long[] joins;
  int pieces = 256;
  int pieceBytes = 256 << 10;
  int parts = 8;
  private long latency = MILLISECOND / 5;
  private long latencyAtFirst;
  private long startsUntil;

  /** What waits in a busy link's buffers, for whatever is sent over it. */
  long buffered;

  int slots = 8;
  int dials = 15;
  int maxPeers = 60;
  boolean superSeed = true;
  long seed = 1;

  int misfortune = -1;
  Misfortune kind;
  double after = 0.5;
  boolean seederDiesAfterOneCopy;

  /** Nodes 0 and 1 are one machine. */
  boolean beside;

  /** What happens to node {@link #misfortune}. */
  enum Misfortune {
    /** Says nothing more, and its connections stay. */
    FREEZES,
    /** Its connections end. */
    DIES,
    /** Sends pieces that do not match, until it is banned. */
    CORRUPTS
  }

  private Scenario(int peers, double rate) {
    up = new double[peers + 1];
    Arrays.fill(up, rate);
    down = up.clone();
    joins = new long[peers + 1];
  }

  static Scenario equal(int peers, double rate) {
    return new Scenario(peers, rate);
  }

  Scenario pieces(int count, int bytes) {
    pieces = count;
    pieceBytes = bytes;
    return this;
  }

  Scenario parts(int count) {
    parts = count;
    return this;
  }

  Scenario latency(double milliseconds) {
    latency = (long) (milliseconds * MILLISECOND);
    return this;
  }

  /**
   * Everything takes so much longer at first, down to the latency in even steps: programs start.
   */
  Scenario starting(double milliseconds, double seconds) {
    latencyAtFirst = (long) (milliseconds * MILLISECOND);
    startsUntil = (long) (seconds * 1e9);
    return this;
  }

  /** Nanoseconds that what is sent now is under way, apart from the links' own time. */
  long delay(long now) {
    return now >= startsUntil
        ? latency
        : latency + latencyAtFirst * (startsUntil - now) / startsUntil;
  }

  Scenario buffered(double milliseconds) {
    buffered = (long) (milliseconds * MILLISECOND);
    return this;
  }

  Scenario slots(int count) {
    slots = count;
    return this;
  }

  Scenario neighbours(int dialled, int most) {
    dials = dialled;
    maxPeers = most;
    return this;
  }

  Scenario seed(long value) {
    seed = value;
    return this;
  }

  /** Every second peer has half the rate. */
  Scenario halfOfThemAtHalfTheRate() {
    for (var node = 2; node < up.length; node += 2) {
      up[node] /= 2;
      down[node] /= 2;
    }
    return this;
  }

  Scenario joiningOver(double seconds) {
    for (var node = 1; node < joins.length; node++) {
      joins[node] = (long) (seconds * 1e9 * (node - 1) / Math.max(1, joins.length - 2));
    }
    return this;
  }

  /**
   * @param share of the bound after which it happens
   */
  Scenario befalls(int node, Misfortune what, double share) {
    misfortune = node;
    kind = what;
    after = share;
    return this;
  }

  Scenario seederDiesAfterOneCopy() {
    seederDiesAfterOneCopy = true;
    return this;
  }

  /** The seeder runs on the first peer's machine and shares its link. */
  Scenario besideTheFirstPeer() {
    beside = true;
    return this;
  }

  int nodes() {
    return up.length;
  }

  double bytes() {
    return (double) pieces * pieceBytes;
  }

  /** Seconds that the node needs at least, from when it joins: by its own link and the seeder's. */
  double bound(int node) {
    return bytes() / Math.min(up[0], down[node]);
  }
}
