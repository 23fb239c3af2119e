package dev.corvid.e2e.bench.swarm;

/** Where the first seeder runs. */
public enum SeederSeat {
  OWN_NODE("on a node of its own"),
  WITH_A_PEER("beside a peer"),
  /** Neither of the two knows that they share a link. */
  WITH_A_PEER_UNKNOWN("beside a peer, neither knows");

  private final String words;

  SeederSeat(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
