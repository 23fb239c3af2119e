package dev.corvid.e2e.bench.network;

/**
 * What shapes a node's link, both ways.
 *
 * @param megabits a second; 0 is unshaped; negative: no link, the node is in the router's namespace
 */
public record Link(int megabits) {
  public static final Link UNSHAPED = new Link(0);
  public static final Link LOOPBACK = new Link(-1);

  public static Link of(int megabits) {
    return new Link(megabits);
  }

  public boolean shaped() {
    return megabits > 0;
  }

  boolean loopback() {
    return megabits < 0;
  }

  /** What the line carries, headers included. */
  public double bytesPerSecond() {
    return megabits * 1e6 / 8;
  }
}
