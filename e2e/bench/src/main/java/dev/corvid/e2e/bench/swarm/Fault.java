package dev.corvid.e2e.bench.swarm;

/** What befalls a swarm. The victim is the last peer, once it holds two fifths. */
public enum Fault {
  NONE("all well"),
  /** It stops, its connections stay. */
  FREEZE("one frozen"),
  /** It ends without a word. */
  KILL("one killed"),
  /** It claims to have everything and sends other bytes, from the beginning. */
  CORRUPT("one corrupting"),
  /** The seeder ends as soon as the peers together hold one copy. */
  SEEDER_KILLED("seeder killed after one copy");

  private final String words;

  Fault(String words) {
    this.words = words;
  }

  /** As a line of a table is headed. */
  public String words() {
    return words;
  }

  boolean takesAPeer() {
    return this == FREEZE || this == KILL || this == CORRUPT;
  }
}
