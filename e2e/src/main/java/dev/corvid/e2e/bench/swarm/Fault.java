package dev.corvid.e2e.bench.swarm;

/** What befalls a swarm. The victim is the last peer, once it holds two fifths. */
public enum Fault {
  NONE,
  /** It stops, its connections stay. */
  FREEZE,
  /** It ends without a word. */
  KILL,
  /** It claims to have everything and sends other bytes, from the beginning. */
  CORRUPT,
  /** The seeder ends as soon as the peers together hold one copy. */
  SEEDER_KILLED;

  boolean takesAPeer() {
    return this == FREEZE || this == KILL || this == CORRUPT;
  }
}
