package dev.corvid.e2e.bench.swarm;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came out of one swarm. Seconds count from time zero: the seeder's {@code listening}, when
 * the peers that are there from the beginning have reported theirs.
 *
 * @param boundSeconds the content over what one bulk TCP flow carries on the fastest peer's link
 * @param lineSeconds the content over the line's rate, headers and all
 * @param oneCopySeconds when the peers together held one copy
 * @param copiesForOne what the seeder had sent until then, in copies of the content
 * @param copies what it sent in all
 * @param processorSeconds of all programs of the swarm, from time zero and from their start
 * @param busy the share of this machine's processors in use, everything counted
 * @param trouble why a peer that should have finished did not
 * @param overhead of a swarm
 */
public record Outcome(
    String row,
    String program,
    int repeat,
    long bytes,
    double boundSeconds,
    double lineSeconds,
    List<PeerOutcome> peers,
    OptionalDouble oneCopySeconds,
    OptionalDouble copiesForOne,
    double copies,
    Processor processorSeconds,
    long seederAnonymousBytes,
    long peerAnonymousBytes,
    double busy,
    Optional<String> trouble,
    Optional<Overhead> overhead) {

  /** Processor time, without and with what the programs' start takes. */
  public record Processor(double sinceZero, double sinceStart) {}

  /**
   * @param share of the fastest peer's link that this one's carries
   * @param counted whether it has to finish
   * @param seconds until it had everything, if it did; from its own start if it joined later
   */
  public record PeerOutcome(
      int index, double share, boolean counted, OptionalDouble seconds, List<Point> progress) {}

  /** How much a peer held, and when. */
  public record Point(double seconds, long bytes) {}

  /** The moment at which the last peer that counts had everything; empty if one never had. */
  public OptionalDouble makespan() {
    return last(peers);
  }

  /** The same among the peers on the fastest link. */
  public OptionalDouble lastFast() {
    return last(peers.stream().filter(peer -> peer.share() == 1).toList());
  }

  private static OptionalDouble last(List<PeerOutcome> peers) {
    var counted = peers.stream().filter(PeerOutcome::counted).toList();
    return counted.stream().allMatch(peer -> peer.seconds().isPresent())
        ? counted.stream().mapToDouble(peer -> peer.seconds().getAsDouble()).max()
        : OptionalDouble.empty();
  }

  /** Processor seconds for each 10^9 bytes that arrived at a peer. */
  public double processorPerGigabyte() {
    return processorSeconds.sinceZero() / delivered() * 1e9;
  }

  /** The same with what the programs' start took. */
  public double processorPerGigabyteWithStart() {
    return processorSeconds.sinceStart() / delivered() * 1e9;
  }

  private double delivered() {
    return (double) bytes * peers.stream().filter(PeerOutcome::counted).count();
  }
}
